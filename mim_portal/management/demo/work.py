"""What is being done, decided and believed in the incident that is running."""

from datetime import datetime, timedelta

from incidents.choices import AskedOf
from incidents.services.record import attachments, details
from incidents.services.work import decisions, hypotheses, tasks
from teams.models import Person, Team

LOG = b"""2026-11-23T09:10:04Z payroll-web WARN  session store: write refused, certificate not trusted
2026-11-23T09:10:04Z payroll-web ERROR Session expired (E-4012) user=store-staff path=/timesheets/submit
2026-11-23T09:10:09Z payroll-web ERROR Session expired (E-4012) user=store-staff path=/timesheets/submit
"""


def load(*, reference: str, people: dict[str, Person], now: datetime) -> None:
    """Through the verbs: two tasks and one that is done, a decision made and one that executives are asked, two
    hypotheses, the log that the desk attached, and the bridge.
    """
    manager, soon = people["mia"], now + timedelta(minutes=15)
    details.edit(
        reference=reference, person=manager, changes={"bridge_url": "https://meet.example.org/payroll-bridge"}, now=now
    )
    attachments.add_to_incident(
        reference=reference, person=people["desmond"], name="payroll-web.log", content=LOG, now=now
    )
    tasks.open_task(
        reference=reference, person=manager, title="Confirm with the Dublin desk that the paper form works",
        owner=people["desmond"], due_at=soon, now=now,
    )  # fmt: skip
    tasks.open_task(
        reference=reference, person=manager, title="Roll the Payroll release back on one node",
        team=Team.objects.get(slug="database"), due_at=now + timedelta(minutes=30), now=now,
    )  # fmt: skip
    plan = tasks.open_task(reference=reference, person=manager, title="Write the rollback plan", now=now)
    tasks.done(task_id=plan.pk, person=people["rosa"], now=now + timedelta(seconds=5))
    decisions.record(
        reference=reference, person=manager, question="Freeze other changes to Payroll?", chosen="Yes, until restored",
        now=now,
    )  # fmt: skip
    decisions.ask(
        reference=reference, person=manager, question="Pay hourly staff from last month's hours if Payroll stays down?",
        options=["Yes, pay from last month", "No, wait until 17:00"], asked_of=AskedOf.EXECUTIVES,
        needed_by=now + timedelta(hours=2), now=now,
    )  # fmt: skip
    hypotheses.state(
        reference=reference, person=people["rosa"], statement="The new release uses the old certificate",
        certainty="medium", evidence="Writes are refused since the release; the old version works on the test system.",
        now=now,
    )  # fmt: skip
    network = hypotheses.state(
        reference=reference, person=people["nils"], statement="Packets are lost between store and data centre", now=now
    )
    hypotheses.rule_out(
        hypothesis_id=network.pk, person=people["nils"], evidence="No loss in 10 minutes from three stores.",
        now=now + timedelta(seconds=3),
    )  # fmt: skip
