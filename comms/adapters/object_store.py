"""A bucket of a store that speaks S3, as a place for the copy of the public status pages."""

from typing import Any, Final
from urllib.parse import urlsplit

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]

from mim_portal.lib import static_tree

# As the front answers: one second fresh, and a CDN may show the last one while it asks again or nobody answers.
PAGES: Final = "public, max-age=1, stale-while-revalidate=10, stale-if-error=86400"
# What pages load keeps its address over releases.
ASSETS: Final = "public, max-age=300, stale-while-revalidate=86400, stale-if-error=86400"
_MISSING: Final = frozenset({"NoSuchKey", "404"})


class StoreError(OSError):
    """The store refused, or did not answer in time; the text says what it said."""


class Bucket:
    """`s3://bucket/prefix`, at AWS or at the endpoint that is named. Who may write is found as boto3 finds it."""

    def __init__(self, address: str, *, endpoint: str = "", assets: str = "static/") -> None:
        parts = urlsplit(address)
        if parts.scheme != "s3" or not parts.netloc:
            raise StoreError(f"{address} is no address of a bucket: give s3://bucket or s3://bucket/prefix")
        self._bucket, self._prefix = parts.netloc, parts.path.strip("/")
        self._assets = assets
        try:
            self._client: Any = boto3.session.Session().client(
                "s3",
                endpoint_url=endpoint or None,
                config=Config(
                    connect_timeout=3,
                    read_timeout=20,
                    retries={"max_attempts": 2, "mode": "standard"},
                    s3={"addressing_style": "path" if endpoint else "auto"},
                    # Stores other than AWS do not all know the newer checksums.
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                ),
            )
        except (BotoCoreError, ValueError) as error:
            raise StoreError(str(error)) from error

    def listed(self) -> bytes:
        try:
            body: bytes = self._client.get_object(Bucket=self._bucket, Key=self._key(static_tree.LIST))["Body"].read()
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _MISSING:
                return b""
            raise StoreError(str(error)) from error
        except BotoCoreError as error:
            raise StoreError(str(error)) from error
        return body

    def has(self, path: str) -> bool:
        return True  # the list says so: asking for each file would cost more than the copy

    def put(self, path: str, body: bytes, *, content_type: str) -> None:
        self._asked(
            self._client.put_object,
            Key=self._key(path),
            Body=body,
            ContentType=content_type,
            CacheControl="no-store" if path == static_tree.LIST else self._cached(path),
        )

    def remove(self, path: str) -> None:
        self._asked(self._client.delete_object, Key=self._key(path))

    def _cached(self, path: str) -> str:
        return ASSETS if path.startswith(self._assets) else PAGES

    def _key(self, path: str) -> str:
        return f"{self._prefix}/{path}" if self._prefix else path

    def _asked(self, call: Any, **arguments: Any) -> None:
        try:
            call(Bucket=self._bucket, **arguments)
        except (BotoCoreError, ClientError) as error:
            raise StoreError(str(error)) from error
