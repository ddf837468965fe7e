"""Questions to the desk, and candidates that nobody decides, are told in the transaction that makes them."""

from comms.services.telling import desk_mail
from incidents.services.desk.desk_events import DeskEvent, DeskEventKind
from mim_portal.lib import dbtime


def react(event: DeskEvent) -> None:
    """Rows of the outbox only."""
    if event.kind == DeskEventKind.UNDECIDED:
        desk_mail.alarm(event.candidates, now=dbtime.now())
        return
    desk_mail.ask(event.candidates[0], event.questions, again=event.kind == DeskEventKind.CHASED)
