"""The in-memory twin of the mail server: same calls, same failures, no network."""

from dataclasses import dataclass, field

from comms.adapters.smtp import Listed, Refused, ServerUnavailable, Text, TryLater


@dataclass
class Mailbox:
    """Keeps what it was handed. `down` refuses connections; `breaks_after` drops the connection once, after so many
    messages; `refused` and `later` turn down single addresses.
    """

    down: bool = False
    breaks_after: int | None = None
    refused: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)
    taken: list[tuple[int, str, Text]] = field(default_factory=list)
    listed: dict[str, Listed] = field(default_factory=dict)
    connections: int = 0
    is_open: bool = False

    def open(self) -> None:
        """Counts connections."""
        if self.down:
            raise ServerUnavailable("Connection refused")
        self.connections += 1
        self.is_open = True

    def send(self, text: Text, *, delivery_id: int, address: str, listed: Listed | None = None) -> None:
        """Keeps the message, or fails as asked."""
        if not self.is_open:
            raise ServerUnavailable("There is no connection.")
        if self.breaks_after is not None and len(self.taken) >= self.breaks_after:
            self.breaks_after, self.is_open = None, False
            raise ServerUnavailable("Connection unexpectedly closed")
        if address in self.refused:
            raise Refused("550 No such user")
        if address in self.later:
            raise TryLater("451 Try again later")
        if listed is not None:
            self.listed[address] = listed
        self.taken.append((delivery_id, address, text))

    def close(self) -> None:
        """The connection is gone; what was taken stays."""
        self.is_open = False

    @property
    def addresses(self) -> list[str]:
        """Who got something, in order."""
        return [address for _, address, _ in self.taken]
