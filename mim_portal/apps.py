from django.apps import AppConfig


class MimPortalConfig(AppConfig):
    name = "mim_portal"
    verbose_name = "MIM Portal"
