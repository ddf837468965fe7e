"""Named sets of roles: who may raise, command, write, read the room, learn."""

from teams.choices import Role

EVERY_ROLE = frozenset(Role.values)
# Accountable for an incident.
COMMANDERS = frozenset({Role.INCIDENT_MANAGER, Role.DEPUTY})
# Answer the closing checklist; one of them is the second person who reads the record of a P1.
CLOSERS = COMMANDERS | {Role.PRACTICE_LEAD}
# May raise a candidate.
RAISERS = frozenset(
    {
        Role.SERVICE_DESK,
        Role.SERVICE_DESK_LEAD,
        Role.INCIDENT_MANAGER,
        Role.DEPUTY,
        Role.COMMUNICATIONS,
        Role.PRACTICE_LEAD,
        Role.RESPONDER,
    }
)
# May say that a candidate belongs to a running incident: who commands, and who answers the phones.
MERGERS = COMMANDERS | {Role.SERVICE_DESK, Role.SERVICE_DESK_LEAD}
# Accept a candidate: the desk lead for the manager on shift, once nobody has answered for five minutes.
ACCEPTERS = COMMANDERS | {Role.SERVICE_DESK_LEAD}
# Ask again what the desk has not answered.
CHASERS = COMMANDERS | {Role.SERVICE_DESK_LEAD}
# See which address got a message and which did not, and send it again: the desk answers those it did not reach.
DELIVERY_KEEPERS = COMMANDERS | {Role.SERVICE_DESK_LEAD}
# Read what the months of the desk show together.
DESK_READERS = COMMANDERS | {Role.SERVICE_DESK, Role.SERVICE_DESK_LEAD, Role.PRACTICE_LEAD, Role.AUDITOR}
# The desk itself: disputes a score, says whether it was told enough.
DESK = frozenset({Role.SERVICE_DESK, Role.SERVICE_DESK_LEAD})
# Answer a disputed score; whose it is decides the verb.
DISPUTE_ANSWERERS = COMMANDERS | {Role.PRACTICE_LEAD}
# Agree the fix of the month: desk and practice own it together.
FIX_AGREERS = frozenset({Role.SERVICE_DESK_LEAD, Role.PRACTICE_LEAD})
# See the queue of candidates. The desk sees its own and the answers.
CANDIDATE_READERS = RAISERS | {Role.AUDITOR, Role.ADMINISTRATOR}
# Write, check and publish updates.
WRITERS = frozenset({Role.INCIDENT_MANAGER, Role.DEPUTY, Role.COMMUNICATIONS})
# Read what readers answer to updates, and say that it was read or answered: with their addresses, so not everybody.
REPLY_READERS = WRITERS | {Role.SERVICE_DESK_LEAD}
# Look after replies that belong to no incident by themselves.
REPLY_KEEPERS = frozenset({Role.ADMINISTRATOR, Role.COMMUNICATIONS})
# See who subscribed to a status page, with their addresses; take lists in and end what somebody asked to end.
SUBSCRIBER_KEEPERS = frozenset({Role.ADMINISTRATOR, Role.COMMUNICATIONS})
# May let what is said of a marked incident (security, personal data, safety) out to people outside.
GATE_READERS = frozenset({Role.LEGAL_SECURITY})
# May be the second reader of an update; the rota of second readers only says who is asked.
SECOND_READERS = WRITERS | GATE_READERS | {Role.PRACTICE_LEAD, Role.SECOND_READER}
# Set who has to read what.
POLICY_EDITORS = frozenset({Role.ADMINISTRATOR, Role.PRACTICE_LEAD})
# Announce planned maintenance and say how it goes.
MAINTENANCE_PLANNERS = WRITERS | {Role.ADMINISTRATOR}
# Let executives without an account read by a link.
READING_LINK_MAKERS = COMMANDERS | {Role.ADMINISTRATOR}
# Read the room. Executives read their own page, not the technical timeline (DESIGN 1a).
ROOM_READERS = EVERY_ROLE - {Role.EXECUTIVE}
# Add notes to a room and answer for a team.
ROOM_WRITERS = frozenset(
    {
        Role.INCIDENT_MANAGER,
        Role.DEPUTY,
        Role.COMMUNICATIONS,
        Role.RESPONDER,
        Role.SERVICE_DESK,
        Role.SERVICE_DESK_LEAD,
        Role.PRACTICE_LEAD,
    }
)
# Answer an engagement.
TEAM_ANSWERERS = frozenset({Role.RESPONDER, Role.INCIDENT_MANAGER, Role.DEPUTY})
# Work on reviews and their actions.
REVIEWERS = frozenset(
    {
        Role.INCIDENT_MANAGER,
        Role.DEPUTY,
        Role.PRACTICE_LEAD,
        Role.COMMUNICATIONS,
        Role.RESPONDER,
        Role.SERVICE_DESK_LEAD,
    }
)
REVIEW_READERS = EVERY_ROLE - {Role.EXECUTIVE}
# Sign a review off.
REVIEW_SIGNERS = frozenset({Role.PRACTICE_LEAD, Role.INCIDENT_MANAGER})
# Have lapses of their own or follow the practice's.
LEDGER_KEEPERS = frozenset({Role.INCIDENT_MANAGER, Role.DEPUTY, Role.PRACTICE_LEAD, Role.COMMUNICATIONS})
# Read what the practice has confirmed; what is not confirmed exists for its addressee alone.
LEDGER_READERS = LEDGER_KEEPERS | {Role.AUDITOR}
# Keep rotas.
ROTA_EDITORS = frozenset({Role.ADMINISTRATOR, Role.PRACTICE_LEAD})
# May have shifts, and give their own away.
ROTA_USERS = EVERY_ROLE - {Role.EXECUTIVE, Role.AUDITOR}
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
# Download everybody's numbers, to have them when the portal is not needed or not there.
CONTACT_READERS = COMMANDERS | {Role.PRACTICE_LEAD, Role.ADMINISTRATOR}
