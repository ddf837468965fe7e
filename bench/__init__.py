"""Measured work, one module a question: `python -m bench.<question>` prints JSON. Not part of the tests."""

import os

import django

os.environ.setdefault("MIM_ENV", "test")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mim_portal.settings")
django.setup()
