"""Celery: long work outside the request, in three queues (letters, bulk letters, reports)."""

import os

from celery import Celery

from smartrural import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartrural.settings")

broker.use()
app = Celery("smartrural")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
