"""The Celery application: workers, the clock worker and beat start from here."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mim_portal.settings")

app = Celery("mim_portal")
app.set_default()  # for every thread: what nudges runs in the threads of the web processes
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
