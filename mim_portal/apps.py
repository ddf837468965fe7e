from django.apps import AppConfig

from mim_portal.celery import app as celery_app

__all__ = ["MimPortalConfig", "celery_app"]  # every process that loads the apps can nudge a worker


class MimPortalConfig(AppConfig):
    name = "mim_portal"
    verbose_name = "MIM Portal"
