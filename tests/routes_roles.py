"""The roles of the routes table, spelled out by hand instead of taken from teams.rules.roles, so that a role that slips
into a set there is noticed here; and what an object's own rule may answer instead.
"""

from teams.choices import Role
from tests.routes_rows import Roles

SIGNED_IN: Roles = None
ALL: Roles = frozenset(Role.values)
ADMINISTRATION = frozenset({"administrator"})
COMMAND = frozenset({"incident_manager", "deputy"})
WRITING = COMMAND | {"communications"}
PLANNING = WRITING | {"administrator"}  # planned maintenance
READING = frozenset({"second_reader", "legal_security"})
SECOND_READING = WRITING | READING | {"practice_lead"}
POLICY_EDITING = frozenset({"administrator", "practice_lead"})
DESK = frozenset({"service_desk", "service_desk_lead"})
DESK_MONTHS = COMMAND | DESK | {"practice_lead", "auditor"}
DELIVERIES = COMMAND | {"service_desk_lead"}
REPLIES = WRITING | {"service_desk_lead"}
REPLY_KEEPING = frozenset({"administrator", "communications"})
SUBSCRIBERS = frozenset({"administrator", "communications"})
RAISING = WRITING | DESK | {"practice_lead", "responder"}
ROOM = RAISING | READING | {"auditor", "administrator"}  # everybody but executives
QUEUE = RAISING | {"auditor", "administrator"}
ANSWERING = COMMAND | {"responder"}
REVIEWING = WRITING | {"practice_lead", "responder", "service_desk_lead"}
SIGNING = frozenset({"practice_lead", "incident_manager"})
ROTA_EDITING = frozenset({"administrator", "practice_lead"})
ON_ROTAS = RAISING | READING | {"administrator"}  # whoever may have a shift; whose shift it is, the verb asks
LEDGER_KEEPING = WRITING | {"practice_lead"}
LEDGER = LEDGER_KEEPING | {"auditor"}

# A member of the team, its contacts, the receiver of the offer, the addressee of the lapse: not a matter of roles.
PERSONAL = frozenset({403})
HIDDEN = frozenset({404})
MOVED = frozenset({302})
