"""The admin site: Django's own, in our skin, entered through allauth so that its rate limits hold."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class Desk(admin.AdminSite):
    """The staff's desk."""

    site_header = _("Bureau")
    site_title = _("Bureau SMART Ruralité")
    index_title = _("Bureau")
