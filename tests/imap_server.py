"""A minimal IMAP server of our own on a real socket, for tests of the adapter: it scripts the handful of commands that
the portal sends (RFC 3501) and is no mail server. No well-kept one can be installed by pip.
"""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_COMMAND = re.compile(rb"(\S+) (?:UID )?([A-Za-z]+) ?(.*)\r\n", re.DOTALL)
_PARTIAL = re.compile(rb"<0\.(\d+)>")


@dataclass
class Folder:
    """Mails by their number, the flags of each, and what was asked. `breaks_at` hangs up at the fetch of that mail."""

    mails: dict[int, bytes] = field(default_factory=dict)
    flags: dict[int, set[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    breaks_at: int = 0
    password: str = "se/cret"

    def add(self, raw: bytes) -> int:
        number = len(self.mails) + 1
        self.mails[number], self.flags[number] = raw, set()
        return number

    def answer(self, verb: str, rest: bytes) -> tuple[bytes, str]:
        """What stands before the last line, and how that ends."""
        if verb == "LOGIN":
            return b"", "OK" if rest.endswith(f'"{self.password}"'.encode()) else "NO"
        if verb == "SELECT":
            return b"* %d EXISTS\r\n" % len(self.mails), "OK" if rest == b'"INBOX"' else "NO"
        if verb == "SEARCH":
            found = " ".join(str(number) for number, flags in self.flags.items() if "\\Seen" not in flags)
            return f"* SEARCH {found}\r\n".encode(), "OK"
        if verb == "FETCH":
            number, _, what = rest.partition(b" ")
            partial = _PARTIAL.search(what)
            raw = self.mails[int(number)][: int(partial[1]) if partial else None]
            return b"* %s FETCH (UID %s BODY[]<0> {%d}\r\n%s)\r\n" % (number, number, len(raw), raw), "OK"
        if verb == "STORE":
            number, _, what = rest.partition(b" ")
            self.flags[int(number)] |= set(re.findall(r"\\\w+", what.decode()))
            return b"", "OK"
        return (b"* CAPABILITY IMAP4rev1\r\n" if verb == "CAPABILITY" else b""), "OK"


@contextmanager
def serving(folder: Folder) -> Iterator[str]:
    """The address of its INBOX."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            while found := _COMMAND.fullmatch(self.rfile.readline()):
                tag, verb, rest = found[1], found[2].decode().upper(), found[3]
                folder.asked.append(verb)
                if verb == "FETCH" and rest.startswith(b"%d " % folder.breaks_at):
                    return
                before, how = folder.answer(verb, rest)
                self.wfile.write(before + tag + f" {how} done\r\n".encode())
                if verb == "LOGOUT":
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"imap://replies%40portal.example:se%2Fcret@127.0.0.1:{server.server_address[1]}/INBOX"
        finally:
            server.shutdown()
            thread.join()
