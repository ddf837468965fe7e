"""Static files for a portal that was just started from its source."""

from collections.abc import Iterable, Iterator

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class OwnCompressedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names for everything; gzip and Brotli for the portal's own files, which every page needs.

    Those of the admin and the API's documentation are many and rarely asked for: compressing them would make the
    first start wait half a minute.
    """

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        yield from super().compress_files([path for path in paths if "/" not in path])
