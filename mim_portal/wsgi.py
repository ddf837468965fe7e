"""The front with the public status pages, and Django behind it, for any WSGI server.

The portal's own server, `mim_portal.web`, takes both from here.
"""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mim_portal.settings")
django = get_wsgi_application()

from django.conf import settings  # noqa: E402 -- settings exist once Django is set up
from django.db import connection  # noqa: E402
from django.urls import get_resolver  # noqa: E402

from mim_portal.web import front, published  # noqa: E402

library = published.Library(headers=front.headers(hsts_seconds=settings.SECURE_HSTS_SECONDS))
published.follow_in_every_process(
    published.Follower(library, folder=settings.SNAPSHOT_DIR, connection=connection.get_connection_params())
)
application = front.Front(django, library)

# Every view is loaded before the first request, and what is loaded by now stays: looking through all of it for garbage
# once in a hundred requests held one of them up for 50 ms and more.
get_resolver().check()
gc.collect()
gc.freeze()
