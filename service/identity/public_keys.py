"""Public keys that platforms register: Ed25519 only, named by their own fingerprint."""

import hashlib

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key


class PublicKeyError(ValueError):
    """A file that holds no public key of the kind we take."""


def read_public_key(pem: bytes) -> tuple[str, str]:
    """Return the id (16 hex digits of its SHA-256) and the PEM text of an Ed25519 public key.

    Raises
    ------
    PublicKeyError
        For anything else, a private key above all: that one must stay where it is.
    """
    if b"PRIVATE" in pem:
        raise PublicKeyError("this is a private key; keep it, and give its public half (openssl pkey -pubout)")
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise PublicKeyError("expected a public key in PEM ('-----BEGIN PUBLIC KEY-----')") from None
    if not isinstance(key, Ed25519PublicKey):
        raise PublicKeyError("expected an Ed25519 key (openssl genpkey -algorithm ed25519)")
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    text = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return hashlib.sha256(der).hexdigest()[:16], text
