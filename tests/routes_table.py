"""Who may open and who may use each address of the portal, written down by hand: the promise that the walk compares.

The roles are spelled out here instead of taken from teams.rules.roles, so that a role that slips into a set there is
noticed here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from teams.choices import Role

Roles = frozenset[str] | None  # None: anyone who is signed in

NOBODY: Roles = frozenset()
SIGNED_IN: Roles = None
ALL: Roles = frozenset(Role.values)
ADMINISTRATION = frozenset({"administrator"})
COMMAND = frozenset({"incident_manager", "deputy"})
WRITING = COMMAND | {"communications"}
SECOND_READING = WRITING | {"practice_lead"}
DESK = frozenset({"service_desk", "service_desk_lead"})
DESK_MONTHS = COMMAND | DESK | {"practice_lead", "auditor"}
RAISING = SECOND_READING | DESK | {"responder"}
ROOM = RAISING | {"auditor", "administrator"}  # everybody but executives
ANSWERING = COMMAND | {"responder"}
REVIEWING = SECOND_READING | {"responder", "service_desk_lead"}
SIGNING = frozenset({"practice_lead", "incident_manager"})
ROTA_EDITING = frozenset({"administrator", "practice_lead"})
ON_ROTAS = RAISING | {"administrator"}  # whoever may have a shift; whose shift it is, the verb asks
LEDGER = SECOND_READING | {"auditor"}


@dataclass(frozen=True)
class Page:
    """A page: its readers, those who send its forms, and what an object's own rule may answer instead."""

    read: Roles
    act: Roles = NOBODY
    object_rule: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Api:
    """An address of the REST API: by method, the token's scope and the roles."""

    methods: Mapping[str, tuple[str, Roles]]
    object_rule: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Open:
    """Anybody's: health, public status pages (others ask for sign-in and role themselves), signing in."""


@dataclass(frozen=True)
class Account:
    """A page of allauth, which guards itself: for strangers, or for whoever is signed in."""

    for_strangers: bool = True


@dataclass(frozen=True)
class Described:
    """What the API is, and nothing that happened: any session or token."""


Row = Page | Api | Open | Account | Described


def _reads(roles: Roles, *, object_rule: frozenset[int] = frozenset()) -> Api:
    return Api({"GET": ("read", roles)}, object_rule)


def _posts(scope: str, roles: Roles, *, object_rule: frozenset[int] = frozenset()) -> Api:
    return Api({"POST": (scope, roles)}, object_rule)


def _administered(roles: Roles, verb: str) -> Api:
    """Read by these roles, written by administrators."""
    return Api({"GET": ("read", roles), verb: ("admin", ADMINISTRATION)})


# A member of the team, its contacts, the receiver of the offer, the addressee of the lapse: not a matter of roles.
PERSONAL = frozenset({403})
HIDDEN = frozenset({404})
MOVED = frozenset({302})

PAGES: dict[str, Row] = {
    "board": Page(SIGNED_IN),
    "board-part": Page(SIGNED_IN),
    "room": Page(ROOM),
    "settings": Page(ADMINISTRATION),
    "mails": Page(ADMINISTRATION),
    "mail": Page(ADMINISTRATION),
    "own-address": Page(SIGNED_IN, NOBODY, MOVED),
    "contact-sheet": Page(COMMAND | {"practice_lead", "administrator"}),
    "livez": Open(),
    "readyz": Open(),
    "teams": Page(ROOM),
    "team": Page(ROOM),
    "team-profile": Page(ROOM, ROOM),
    "team-confirm": Page(NOBODY, ROOM),
    "invitation": Open(),
    "me": Page(SIGNED_IN, SIGNED_IN),
    "people": Page(ADMINISTRATION),
    "person": Page(ADMINISTRATION, ADMINISTRATION),
    "person-active": Page(NOBODY, ADMINISTRATION),
    "person-invitation": Page(NOBODY, ADMINISTRATION),
    "invitations": Page(ADMINISTRATION),
    "invite": Page(ADMINISTRATION, ADMINISTRATION),
    "rotas": Page(ROOM),
    "rota": Page(ROOM),
    "rota-new": Page(ROTA_EDITING, ROTA_EDITING),
    "rota-edit": Page(ROTA_EDITING, ROTA_EDITING),
    "rota-line-new": Page(ROTA_EDITING, ROTA_EDITING),
    "rota-line": Page(ROTA_EDITING, ROTA_EDITING),
    "rota-line-remove": Page(NOBODY, ROTA_EDITING),
    "rota-override": Page(ON_ROTAS, ON_ROTAS),
    "rota-swap": Page(ON_ROTAS, ON_ROTAS),
    "rota-shift-remove": Page(NOBODY, ON_ROTAS),
    "rota-absence-remove": Page(NOBODY, ON_ROTAS),
    "catalogue": Page(ADMINISTRATION),
    "catalogue-new": Page(ADMINISTRATION, ADMINISTRATION),
    "catalogue-row": Page(ADMINISTRATION, ADMINISTRATION),
    "catalogue-active": Page(NOBODY, ADMINISTRATION),
    "word-remove": Page(NOBODY, ADMINISTRATION),
    "contact-add": Page(NOBODY, ADMINISTRATION),
    "contact": Page(ADMINISTRATION, ADMINISTRATION),
    "contact-remove": Page(NOBODY, ADMINISTRATION),
    "import": Page(ADMINISTRATION, ADMINISTRATION),
    "import-file": Page(ADMINISTRATION, ADMINISTRATION),
    "import-report": Page(ADMINISTRATION),
    "import-template": Page(ADMINISTRATION),
    "export": Page(ADMINISTRATION),
    "live-ticket": Page(ROOM),
    "raise": Page(RAISING, RAISING),
    "raise-drafts": Page(NOBODY, RAISING),
    "raise-draft": Page(NOBODY, RAISING, HIDDEN),
    "raise-draft-files": Page(NOBODY, RAISING, HIDDEN),
    "raise-draft-discard": Page(NOBODY, RAISING, HIDDEN),
    "raise-advice": Page(NOBODY, RAISING),
    "candidates": Page(ROOM),
    "candidate": Page(ROOM),
    "candidates-waiting": Page(ROOM),
    "candidates-ticket": Page(ROOM),
    "candidate-ticket": Page(ROOM),
    "candidate-panel": Page(ROOM),
    "candidate-accept": Page(NOBODY, COMMAND | {"service_desk_lead"}),
    "candidate-reject": Page(NOBODY, COMMAND),
    "candidate-merge": Page(NOBODY, COMMAND | DESK),
    "candidate-callers": Page(ROOM),
    "incident-callers": Page(ROOM),
    "candidate-reports": Page(ROOM, RAISING),
    "incident-reports": Page(ROOM, RAISING),
    "candidate-ask": Page(NOBODY, COMMAND),
    "candidate-dispute": Page(NOBODY, DESK),
    "candidate-dispute-answer": Page(NOBODY, COMMAND | {"practice_lead"}, PERSONAL),
    "desk": Page(DESK_MONTHS),
    "desk-fix": Page(NOBODY, frozenset({"service_desk_lead", "practice_lead"})),
    "desk-feedback": Page(DESK_MONTHS, COMMAND),
    "desk-rating": Page(NOBODY, DESK),
    "candidate-ask-these": Page(NOBODY, COMMAND),
    "candidate-chase": Page(NOBODY, COMMAND | {"service_desk_lead"}),
    "candidate-answer": Page(NOBODY, RAISING),
    "candidate-attach": Page(RAISING, RAISING),
    "attach": Page(RAISING, RAISING),
    "attachment": Page(ROOM),
    "attachment-remove": Page(NOBODY, RAISING),
    "bridge": Page(COMMAND, COMMAND),
    "task-add": Page(RAISING, RAISING),
    "task": Page(RAISING, RAISING),
    "task-step": Page(NOBODY, RAISING),
    "decision-add": Page(RAISING, RAISING),
    "decision": Page(RAISING, RAISING),
    "decision-answer": Page(NOBODY, ALL, HIDDEN),  # executives find what they are asked, and nothing else
    "decision-withdraw": Page(NOBODY, RAISING),
    "hypothesis-add": Page(RAISING, RAISING),
    "hypothesis": Page(RAISING, RAISING),
    "workstream-add": Page(COMMAND, COMMAND),
    "workstream": Page(COMMAND, COMMAND),
    "workstream-report": Page(RAISING, RAISING),
    "workstream-end": Page(NOBODY, COMMAND),
    "incidents": Page(ROOM),
    "closing": Page(ROOM, COMMAND | {"practice_lead"}),
    "details": Page(ROOM, COMMAND),
    "details-admit": Page(NOBODY, COMMAND),
    "link-add": Page(NOBODY, COMMAND),
    "link-end": Page(NOBODY, COMMAND, HIDDEN),
    "recurrence": Page(COMMAND, COMMAND),
    "incident-find": Page(ROOM),
    "saved-views": Page(NOBODY, ROOM),
    "saved-view-step": Page(NOBODY, ROOM, HIDDEN),
    "times": Page(ROOM),
    "times-unknown": Page(NOBODY, COMMAND),
    "time": Page(COMMAND, COMMAND),
    "transition": Page(COMMAND, COMMAND),
    "priority": Page(COMMAND, COMMAND),
    "revise-impact": Page(COMMAND, COMMAND),
    "impact-preview": Page(NOBODY, COMMAND),
    "impact-versions": Page(ROOM),
    "note": Page(NOBODY, RAISING),
    "mentions": Page(ROOM),
    "record": Page(ROOM),
    "engage": Page(COMMAND, COMMAND),
    "engagement-step": Page(NOBODY, ANSWERING),
    "handover": Page(COMMAND, COMMAND),
    "handover-accept": Page(COMMAND, COMMAND),
    "handover-answer": Page(NOBODY, COMMAND),
    "take-over": Page(COMMAND | ADMINISTRATION, COMMAND | ADMINISTRATION),
    "command-history": Page(ROOM),
    "shift-handover": Page(COMMAND, COMMAND),
    "shift-handover-accept": Page(COMMAND, COMMAND, HIDDEN),
    "shift-handover-answer": Page(NOBODY, COMMAND, HIDDEN),
    "roles": Page(COMMAND, COMMAND),
    "role-scribe": Page(NOBODY, RAISING),
    "role-end": Page(NOBODY, RAISING),
    "commitments": Page(COMMAND, COMMAND),
    "commitment-kept": Page(NOBODY, RAISING),
    "incident-panel": Page(ROOM),
    "updates": Page(SECOND_READING),
    "update": Page(ROOM, SECOND_READING),
    "update-discard": Page(NOBODY, WRITING),
    "update-correct": Page(NOBODY, WRITING),
    "update-withdraw": Page(NOBODY, WRITING),
    "update-new": Page(WRITING, WRITING),
    "update-no-change": Page(NOBODY, WRITING),
    "updates-panel": Page(ROOM),
    "status-page": Open(),
    "status-page-part": Open(),
    "reviews": Page(ROOM),
    "review": Page(ROOM),
    "review-section": Page(REVIEWING, REVIEWING),
    "review-timeline": Page(REVIEWING, REVIEWING),
    "review-facilitator": Page(REVIEWING, REVIEWING),
    "review-submit": Page(NOBODY, REVIEWING),
    "review-send-back": Page(NOBODY, REVIEWING),
    "review-sign-off": Page(NOBODY, SIGNING),
    "review-override": Page(NOBODY, REVIEWING),
    "factor-add": Page(REVIEWING, REVIEWING),
    "factor": Page(REVIEWING, REVIEWING),
    "factor-remove": Page(NOBODY, REVIEWING),
    "action-add": Page(REVIEWING, REVIEWING),
    "action": Page(REVIEWING, REVIEWING),
    "action-move": Page(NOBODY, REVIEWING),
    "ledger": Page(LEDGER),
    "lapse": Page(LEDGER),
    "lapse-step": Page(NOBODY, SECOND_READING),
    "metrics": Page(ROOM),
}

ACCOUNT: dict[str, Row] = {
    "account_login": Account(),
    "account_logout": Account(),
    "account_inactive": Account(),
    "account_signup": Account(),
    "account_email_verification_sent": Account(),
    "account_confirm_email": Account(),
    "account_confirm_login_code": Account(),
    "account_reset_password": Account(),
    "account_reset_password_done": Account(),
    "account_reset_password_from_key": Account(),
    "account_reset_password_from_key_done": Account(),
    "account_reauthenticate": Account(for_strangers=False),
    "account_email": Account(for_strangers=False),
    "account_change_password": Account(for_strangers=False),
    "account_set_password": Account(for_strangers=False),
}

API: dict[str, Row] = {
    "prometheus": Api({"GET": ("admin", ADMINISTRATION)}),
    "api-teams": _administered(ROOM, "POST"),
    "api-team": _administered(ROOM, "PATCH"),
    "api-team-profile": Api({"GET": ("read", ROOM), "PATCH": ("teams", ALL), "PUT": ("teams", ALL)}, PERSONAL),
    "api-rotas": Api({"GET": ("read", ROOM), "POST": ("admin", ROTA_EDITING)}),
    "api-rota": Api({"GET": ("read", ROOM), "PATCH": ("admin", ROTA_EDITING)}),
    "api-rota-lines": _posts("admin", ROTA_EDITING),
    "api-rota-line": Api({"PUT": ("admin", ROTA_EDITING), "DELETE": ("admin", ROTA_EDITING)}),
    "api-rota-shifts": Api({"GET": ("read", ROOM), "POST": ("command", ON_ROTAS)}, PERSONAL),
    "api-rota-shift": Api({"DELETE": ("command", ON_ROTAS)}, PERSONAL),
    "api-rota-swaps": _posts("command", ON_ROTAS, object_rule=PERSONAL),
    "api-rota-absences": Api({"GET": ("read", ROOM), "POST": ("command", ON_ROTAS)}, PERSONAL),
    "api-rota-absence": Api({"DELETE": ("command", ON_ROTAS)}, PERSONAL),
    "api-who-is-on": _reads(ROOM, object_rule=frozenset({400})),  # asked without a role
    "api-services": _administered(ALL, "POST"),
    "api-service": _administered(ALL, "PATCH"),
    "api-sites": _administered(ALL, "POST"),
    "api-site": _administered(ALL, "PATCH"),
    "api-people": Api({"GET": ("admin", ADMINISTRATION), "POST": ("admin", ADMINISTRATION)}),
    "api-person": Api({"GET": ("admin", ADMINISTRATION), "PATCH": ("admin", ADMINISTRATION)}),
    "api-person-invitation": Api({"POST": ("admin", ADMINISTRATION), "DELETE": ("admin", ADMINISTRATION)}),
    "api-me": _reads(SIGNED_IN),
    "api-candidates": Api({"GET": ("read", ROOM), "POST": ("raise", RAISING)}),
    "api-candidate": _reads(ROOM),
    # The desk lead may declare once nobody has answered for five minutes.
    "api-candidate-accept": _posts("command", COMMAND | {"service_desk_lead"}, object_rule=PERSONAL),
    "api-candidate-reject": _posts("command", COMMAND),
    "api-candidate-reports": Api({"GET": ("read", ROOM), "POST": ("raise", RAISING)}),
    "api-incident-reports": Api({"GET": ("read", ROOM), "POST": ("raise", RAISING)}),
    "api-candidate-merge": _posts("raise", COMMAND | DESK),
    "api-clarifications": Api({"GET": ("read", ROOM), "POST": ("command", COMMAND)}),
    "api-clarification-answer": _posts("raise", RAISING),
    "api-candidate-attachments": Api({"GET": ("read", ROOM), "POST": ("raise", RAISING)}),
    # Whoever attached it, or who commands.
    "api-candidate-attachment": Api({"GET": ("read", ROOM), "DELETE": ("raise", RAISING)}, PERSONAL),
    "api-attachments": Api({"GET": ("read", ROOM), "POST": ("command", RAISING)}),
    "api-attachment": Api({"GET": ("read", ROOM), "DELETE": ("command", RAISING)}, PERSONAL),
    "api-candidate-disputes": Api({"GET": ("read", DESK_MONTHS), "POST": ("raise", DESK)}),
    "api-candidate-dispute-answer": _posts("reviews", COMMAND | {"practice_lead"}, object_rule=PERSONAL),
    "api-desk-feedback": Api({"GET": ("read", DESK_MONTHS), "POST": ("reviews", COMMAND)}, PERSONAL),
    "api-desk-rating": _posts("raise", DESK),
    "api-desk-months": _reads(DESK_MONTHS),
    "api-desk-fixes": Api(
        {"GET": ("read", DESK_MONTHS), "POST": ("reviews", frozenset({"service_desk_lead", "practice_lead"}))}
    ),
    "api-clarification-chase": _posts("command", COMMAND | {"service_desk_lead"}),
    "api-tasks": Api({"GET": ("read", ROOM), "POST": ("command", RAISING)}),
    "api-task": Api({"GET": ("read", ROOM), "PATCH": ("command", RAISING)}),
    "api-task-done": _posts("command", RAISING),
    "api-task-drop": _posts("command", RAISING),
    "api-task-reopen": _posts("command", RAISING),
    "api-decisions": Api({"GET": ("read", ALL), "POST": ("command", RAISING)}),
    # Whom it is asked of is not a matter of roles alone; executives find what they are asked, and nothing else.
    "api-decision-decide": _posts("command", ALL, object_rule=PERSONAL | HIDDEN),
    "api-decision-withdraw": _posts("command", RAISING, object_rule=PERSONAL),
    "api-hypotheses": Api({"GET": ("read", ROOM), "POST": ("command", RAISING)}),
    "api-hypothesis": Api({"GET": ("read", ROOM), "PATCH": ("command", RAISING)}),
    "api-hypothesis-confirm": _posts("command", RAISING),
    "api-hypothesis-rule-out": _posts("command", RAISING),
    "api-workstreams": Api({"GET": ("read", ROOM), "POST": ("command", COMMAND)}),
    "api-workstream": Api({"GET": ("read", ROOM), "PATCH": ("command", COMMAND)}),
    "api-workstream-report": _posts("command", RAISING),
    "api-workstream-end": _posts("command", COMMAND),
    "api-incidents": Api({"GET": ("read", ALL), "POST": ("command", COMMAND)}),
    "api-incidents-file": _reads(ROOM),
    "api-saved-views": Api({"GET": ("read", ROOM), "POST": ("command", ROOM)}),
    "api-saved-view": Api({"GET": ("read", ROOM), "PATCH": ("command", ROOM), "DELETE": ("command", ROOM)}, HIDDEN),
    "api-incident": Api({"GET": ("read", ALL), "PATCH": ("command", COMMAND)}),
    "api-transitions": _posts("command", COMMAND),
    "api-closure": Api({"GET": ("read", ROOM), "POST": ("command", COMMAND | {"practice_lead"})}),
    "api-links": Api({"GET": ("read", ROOM), "POST": ("command", COMMAND)}),
    "api-link-end": _posts("command", COMMAND, object_rule=HIDDEN),
    "api-recurrence": _posts("command", COMMAND),
    "api-members": Api({"GET": ("read", ROOM), "POST": ("command", COMMAND)}),
    "api-times": Api({"GET": ("read", ROOM), "POST": ("command", COMMAND)}),
    "api-times-unknown": _posts("command", COMMAND),
    "api-handovers": Api({"GET": ("read", ROOM), "POST": ("command", COMMAND)}),
    "api-handover-accept": _posts("command", COMMAND, object_rule=PERSONAL),
    "api-handover-decline": _posts("command", COMMAND, object_rule=PERSONAL),
    "api-handover-withdraw": _posts("command", COMMAND, object_rule=PERSONAL),
    "api-shift-handovers": Api({"GET": ("read", COMMAND), "POST": ("command", COMMAND)}),
    # Only the giver and the receiver know of it.
    "api-shift-handover-accept": _posts("command", COMMAND, object_rule=PERSONAL | HIDDEN),
    "api-shift-handover-decline": _posts("command", COMMAND, object_rule=PERSONAL | HIDDEN),
    "api-shift-handover-withdraw": _posts("command", COMMAND, object_rule=PERSONAL | HIDDEN),
    # Whoever commands gives roles; anybody else only takes the log; a holder ends their own.
    "api-roles": Api({"GET": ("read", ROOM), "POST": ("command", RAISING)}, PERSONAL),
    "api-role-end": _posts("command", RAISING, object_rule=PERSONAL),
    "api-commitments": Api({"GET": ("read", ROOM), "POST": ("command", COMMAND)}),
    "api-commitment-keep": _posts("command", RAISING, object_rule=PERSONAL),
    "api-takeover": _posts("command", COMMAND | ADMINISTRATION),
    "api-impact-statements": Api({"GET": ("read", ALL), "POST": ("command", WRITING)}),
    "api-timeline": Api({"GET": ("read", ROOM), "POST": ("command", RAISING)}),
    "api-engagements": Api({"GET": ("read", ROOM), "POST": ("teams", WRITING)}),
    "api-engagement-acknowledge": _posts("teams", ANSWERING, object_rule=PERSONAL),
    "api-engagement-join": _posts("teams", ANSWERING, object_rule=PERSONAL),
    "api-engagement-useful-action": _posts("teams", ANSWERING, object_rule=PERSONAL),
    "api-engagement-release": _posts("teams", ANSWERING, object_rule=PERSONAL),
    "api-engagement-ask-again": _posts("teams", WRITING),
    "api-engagement-feedback": _posts("teams", ANSWERING, object_rule=PERSONAL),
    "api-deadlines": _reads(ALL),
    "api-incident-deadlines": _reads(ALL),
    "api-updates": Api({"GET": ("read", ROOM), "POST": ("comms", WRITING)}),
    "api-update": Api({"GET": ("read", ROOM), "PATCH": ("comms", WRITING), "DELETE": ("comms", WRITING)}),
    "api-update-check": _posts("comms", SECOND_READING),
    "api-update-submit": _posts("comms", WRITING),
    "api-update-approve": _posts("comms", SECOND_READING),
    "api-update-publish": _posts("comms", WRITING),
    "api-update-correct": _posts("comms", WRITING),
    "api-update-withdraw": _posts("comms", WRITING),
    "api-reviews": _reads(ROOM),
    "api-review": Api({"GET": ("read", ROOM), "PATCH": ("reviews", REVIEWING)}),
    "api-review-submit": _posts("reviews", REVIEWING),
    "api-review-send-back": _posts("reviews", REVIEWING),
    "api-review-sign-off": _posts("reviews", SIGNING),
    "api-review-overrides": _posts("reviews", REVIEWING),
    "api-review-factors": _posts("reviews", REVIEWING),
    "api-review-factor": Api({"PUT": ("reviews", REVIEWING), "DELETE": ("reviews", REVIEWING)}),
    "api-review-actions": _posts("reviews", REVIEWING),
    "api-actions": Api({"GET": ("read", ROOM), "POST": ("reviews", REVIEWING)}),
    "api-action": Api({"GET": ("read", ROOM), "PATCH": ("reviews", REVIEWING)}),
    "api-action-move": _posts("reviews", REVIEWING),
    # Open to every token, because a lapse that is not theirs does not exist for them.
    "api-lapses": _reads(ALL),
    "api-lapse": _reads(ALL, object_rule=HIDDEN),
    "api-lapse-confirm": _posts("reviews", SECOND_READING, object_rule=PERSONAL),
    "api-lapse-dismiss": _posts("reviews", SECOND_READING, object_rule=PERSONAL),
    "api-lapse-own": _posts("reviews", SECOND_READING, object_rule=PERSONAL),
    "api-lapse-correct": _posts("reviews", SECOND_READING, object_rule=PERSONAL),
    "api-lapse-plan": _posts("reviews", SECOND_READING, object_rule=PERSONAL),
    "api-lapse-in-place": _posts("reviews", SECOND_READING, object_rule=PERSONAL),
    "api-metrics": _reads(ROOM),
}

DESCRIPTION: dict[str, Row] = {"api-schema": Described(), "api-docs": Described()}

TABLE: dict[str, Row] = PAGES | ACCOUNT | API | DESCRIPTION
