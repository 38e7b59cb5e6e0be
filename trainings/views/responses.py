"""What several of these pages answer."""

from django.http import HttpResponse


def unlisted(response: HttpResponse) -> HttpResponse:
    """Keep a personal page out of search engines."""
    response["X-Robots-Tag"] = "noindex"
    return response
