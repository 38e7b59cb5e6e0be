def sheet_html(d):
    return ""


def report_html(d):
    return ""
