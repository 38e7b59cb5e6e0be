"""One markup for every form: `{{ form }}` gives our fields and our error summary on every public page."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Forms and fields drawn by templates/components; widgets stay Django's own."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
