"""What the person at the terminal sees: plain lines, flushed, in order."""

import sys
import time


class Report:
    """Lines for the terminal, each with the seconds since the start; ``quiet`` keeps all but failures back."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self._started = time.monotonic()

    def line(self, text: str) -> None:
        if not self.quiet:
            print(f"[{time.monotonic() - self._started:5.1f} s] {text}", flush=True)

    def plain(self, text: str) -> None:
        if not self.quiet:
            print(text, flush=True)

    @staticmethod
    def warning(text: str) -> None:
        """What goes wrong without ending the run; said even when quiet."""
        print(f"mim-portal: {text}", file=sys.stderr, flush=True)

    @staticmethod
    def failure(text: str, details: str = "") -> None:
        """Why the run ends: one line on standard error, what the log says below it."""
        print(f"mim-portal: {text}", file=sys.stderr)
        if details:
            print("\n".join(f"    {line}" for line in details.splitlines()), file=sys.stderr)
        sys.stderr.flush()
