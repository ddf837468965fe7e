"""Updates written by hand, one organisation at a time and each in its own style: bullets, headings, other zones,
numbers in words. They were written after the rules; what they found was mended in the rules, never here.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from bench.gate_data.organisations import PEOPLE, TEAMS
from bench.gate_data.stories_of_bodies import BODIES
from bench.gate_data.stories_of_firms import FIRMS
from bench.gate_data.story import Story, today
from bench.gate_data.updates import NEXT, NOW, Planted, Written, planted_in_text
from comms.rules.checking.draft import Draft, Known

STORIES = (*FIRMS, *BODIES)
# When the messages say that it was over.
_RESTORED = {
    "university": (21, 50),
    "retailer": (2, 20),
    "insurer": (20, 40),
    "payments": (15, 50),
    "cloud host": (15, 50),
    "code host": (20, 45),
    "grocer": (15, 30),
    "airport": (7, 45),
    "publisher": (20, 40),
    "school": (20, 10),
    "parcels": (21, 40),
    "software": (20, 50),
    "ride hailing": (17, 40),
    "mail provider": (12, 55),
    "streaming": (15, 35),
    "clinics": (22, 45),
    "car maker": (21, 35),
    "county council": (20, 40),
    "broadband": (9, 50),
}


def clean(told: Iterable[Story] = STORIES) -> list[Written]:
    """Every message of every story."""
    return [one for story in told for one, _slips in _written(story)]


def planted(told: Iterable[Story] = STORIES, *, seed: int = 7) -> Iterator[Planted]:
    """Each message with each slip of its story that it can have, and with each mistake that any text can have."""
    for story in told:
        for one, slips in _written(story):
            yield from slips
            yield from planted_in_text(one, random.Random(f"{seed} {one.name}"))


def _written(story: Story) -> Iterator[tuple[Written, list[Planted]]]:
    for turn, (kind, audience, subject, body) in enumerate(story.messages):
        is_over = kind in ("restored", "closure")
        restored_at = today(story.zone, *_RESTORED[story.name]) if is_over else None
        draft = Draft(
            kind=kind,
            audiences=(audience,),
            subject=subject,
            body=body,
            next_update_at=None if is_over else NEXT,
            latest_next_at=None if is_over else NOW + timedelta(minutes=60),
            tz=ZoneInfo(story.zone),
            state={"closure": "closed", "restored": "monitoring"}.get(kind, "identified"),
            language=story.language,
            known=Known(
                people=PEOPLE,
                manager_names=("Mia Torres",),
                teams=TEAMS,
                services=(story.recorded.service,),
                sites=story.sites,
                glossary=story.glossary,
            ),
            recorded=replace(story.recorded, restored_at=restored_at),
        )
        one = Written(name=f"{story.name} {kind} {turn}", half="by hand", draft=draft)
        yield one, list(_slips(story, one))


def _slips(story: Story, one: Written) -> Iterator[Planted]:
    for mistake, codes, slips in (
        ("wrong number", ("C11",), story.numbers),
        ("wrong place", ("C11",), story.places),
        ("wrong time", ("C11", "C01"), story.times),
    ):
        for right, wrong in slips:
            if right in one.draft.body:
                draft = replace(one.draft, body=one.draft.body.replace(right, wrong, 1))
                yield Planted(mistake=mistake, codes=codes, clean=one, draft=draft)
