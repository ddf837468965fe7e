"""One document from the standard input to the standard output."""

import contextlib
import json
import resource
import sys

from reviews.adapters.press import pdf, word

MEMORY_BYTES = 2 * 2**30
PROCESSOR_SECONDS = 30


def main() -> int:
    # Not every system knows these limits; the caller's patience ends it there too.
    for limit, value in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, PROCESSOR_SECONDS)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, value))
    asked = json.load(sys.stdin.buffer)
    make = {"pdf": pdf.make, "docx": word.make}[asked["kind"]]
    sys.stdout.buffer.write(make(asked["document"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
