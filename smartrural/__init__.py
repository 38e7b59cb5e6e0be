"""The roof: settings, URLs, Celery and the admin site. Imports every room, is imported by none."""

from smartrural.celery import app as celery_app

__all__ = ["celery_app"]
