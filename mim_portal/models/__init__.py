"""Models below all apps: the audit log, idempotency keys, heartbeats, tallies and the organisation's settings."""

from mim_portal.models.audit import AuditEntry
from mim_portal.models.heartbeat import Heartbeat
from mim_portal.models.idempotency import IdempotencyKey
from mim_portal.models.organisation import OrganisationSetting
from mim_portal.models.tally import Tally

__all__ = ["AuditEntry", "Heartbeat", "IdempotencyKey", "OrganisationSetting", "Tally"]
