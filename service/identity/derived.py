"""Keys made from the service's one secret, so that only that secret has to be kept."""

import base64
import hmac


def derived_key(secret: bytes, *context: str) -> bytes:
    """Return 32 bytes that nobody can compute without the secret; another purpose, another key.

    Parameters
    ----------
    secret
        The service's secret.
    context
        What the key is for, such as `("signing secret", key id)`.
    """
    # Each part's length goes before it, so that no two contexts make the same message.
    parts = [part.encode() for part in ("poldermodel", *context)]
    return hmac.digest(secret, b"".join(len(part).to_bytes(4, "big") + part for part in parts), "sha256")


def signing_secret(secret: bytes, key_id: str) -> str:
    """Return the text that a platform signs identities with by HS256, beside one of its keys."""
    return base64.urlsafe_b64encode(derived_key(secret, "signing secret", key_id)).decode().rstrip("=")
