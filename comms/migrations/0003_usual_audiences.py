from typing import Any

from django.db import migrations

# code, name, position, is_technical, is_plain, is_public, roles, includes_engaged_teams
AUDIENCES = [
    ("service_desk", "Service desk", 10, False, False, False, ["service_desk", "service_desk_lead"], False),
    ("technical", "Technical teams", 20, True, False, False, [], True),
    ("service_owners", "Service owners", 30, False, False, False, [], False),
    ("executives", "Executives", 40, False, True, False, ["executive"], False),
    ("end_users", "End users", 50, False, True, False, [], False),
    ("public", "Public", 60, False, True, True, [], False),
]

# The default cadences of the profession (domain knowledge 1.6): first, every in the first two hours, every later;
# None is "on change". P4 and P5 owe nothing unless somebody chooses so.
CADENCES: dict[str, dict[str, tuple[int | None, int | None, int | None]]] = {
    "P1": {
        "technical": (5, 15, 30), "service_desk": (10, 30, 30), "service_owners": (15, 30, 60),
        "end_users": (15, 30, 60), "executives": (15, 30, 60), "public": (15, 30, 60),
    },
    "P2": {
        "technical": (10, 30, 30), "service_desk": (20, 60, 60), "service_owners": (30, 60, 60),
        "end_users": (30, 60, 60), "executives": (30, 120, 120), "public": (30, 60, 60),
    },
    "P3": {
        "technical": (30, 60, 60), "service_desk": (45, 120, 120), "service_owners": (60, 120, 120),
        "end_users": (60, 240, 240), "executives": (None, None, None), "public": (60, 240, 240),
    },
    "P4": {code: (60, 240, 240) for code in ("technical", "service_desk", "end_users")},
    "P5": {code: (60, 240, 240) for code in ("technical", "service_desk", "end_users")},
}
OWED_BY_DEFAULT = {"P1", "P2", "P3"}


def add(apps: Any, schema_editor: Any) -> None:
    audience_model = apps.get_model("comms", "Audience")
    policy_model = apps.get_model("comms", "CadencePolicy")
    audiences = {}
    for code, name, position, technical, plain, public, roles, engaged in AUDIENCES:
        audiences[code] = audience_model.objects.create(
            code=code, name=name, position=position, is_technical=technical, is_plain=plain, is_public=public,
            roles=roles, includes_engaged_teams=engaged,
        )
    policy_model.objects.bulk_create([
        policy_model(
            priority=priority, audience=audiences[code], first_minutes=first, every_minutes=every,
            later_minutes=later, is_owed=priority in OWED_BY_DEFAULT and first is not None,
        )
        for priority, rows in CADENCES.items()
        for code, (first, every, later) in rows.items()
    ])


class Migration(migrations.Migration):
    """The six audiences and their default cadences, which an organisation then changes as it likes."""

    dependencies = [("comms", "0002_relations")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
