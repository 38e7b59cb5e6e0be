"""The admin site of this project in place of Django's default one."""

from django.contrib.admin import apps


class AdminConfig(apps.AdminConfig):
    default_site = "smartrural.admin.Desk"
