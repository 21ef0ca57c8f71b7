"""What proves to a platform that a message is ours: signatures of Standard Webhooks (standardwebhooks.com)."""

import base64
import hmac

from service.identity.derived import derived_key


def webhook_secret(secret: bytes, webhook_id: str) -> str:
    """Return the text that a platform verifies with; computed from the service's secret, not kept."""
    return "whsec_" + base64.b64encode(derived_key(secret, "webhook", webhook_id)).decode()


def signature(secret: bytes, webhook_id: str, *, message_id: str, sent_at: int, body: bytes) -> str:
    """Return the header `webhook-signature`.

    *Source*: Standard Webhooks specification 1.0.0, "Signature scheme": HMAC-SHA256 over id, time and body,
    joined by full stops.
    """
    signed = f"{message_id}.{sent_at}.".encode() + body
    digest = hmac.digest(derived_key(secret, "webhook", webhook_id), signed, "sha256")
    return "v1," + base64.b64encode(digest).decode()
