"""Celery: long work outside the request, in three queues (letters, bulk letters, reports)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartrural.settings")

app = Celery("smartrural")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
