"""An endpoint opened for sending: its address, and the secrets that sign now."""

from datetime import datetime

from comms.adapters.channels import Way
from comms.models import Endpoint
from mim_portal.lib import sealing


def opened(endpoint: Endpoint, *, now: datetime) -> Way:
    """sealing.Unreadable where it was sealed with a key that is gone. While a webhook's secret is being changed, the
    old one signs beside the new one.
    """
    sealed = [endpoint.secret_sealed]
    if endpoint.old_secret_until is not None and endpoint.old_secret_until > now:
        sealed.append(endpoint.old_secret_sealed)
    return Way(
        kind=endpoint.kind,
        address=sealing.unseal(endpoint.address_sealed),
        key=sealing.unseal(endpoint.key_sealed),
        secrets=[secret for one in sealed if (secret := sealing.unseal(one))],
    )
