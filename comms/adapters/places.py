"""Where a copy of the public status pages can stand: a folder of this machine, or a bucket."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from mim_portal.lib.static_tree import Folder, Place

# By its name: what speaks S3 takes a second and 25 MB to load, and most portals have no bucket.
BUCKET = "comms.adapters.object_store.Bucket"


def of(target: Path | str) -> Place:
    """The place that a path, or an address such as s3://bucket/prefix, names; OSError where it names none."""
    if isinstance(target, str) and "://" in target:
        return _bucket(target, settings.STATUS_COPY_S3_ENDPOINT)
    return Folder(Path(target))


@lru_cache(maxsize=4)
def _bucket(address: str, endpoint: str) -> Place:
    made: Place = import_string(BUCKET)(address, endpoint=endpoint, assets=settings.STATIC_URL.lstrip("/"))
    return made
