"""Files packed with gzip for browsers that take it: each is packed once, and its two forms have two names."""

import gzip
from functools import lru_cache

from flask import Response, request


def packed_answer(content: bytes, media_type: str, digest: str) -> Response:
    """Return a file as the browser that asks wants it.

    Parameters
    ----------
    digest
        What names the content.
    """
    is_packed = request.accept_encodings["gzip"] > 0
    response = Response(_packed(content) if is_packed else content, mimetype=media_type)
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    # By HTTP's rules a strong ETag names bytes, not what they mean.
    response.set_etag(f"{digest}-gzip" if is_packed else digest)
    response.vary.add("Accept-Encoding")
    return response


def lasting_answer(content: bytes, media_type: str, digest: str) -> Response:
    """Return a file whose address names its content (`v`): what is kept never goes stale."""
    response = packed_answer(content, media_type, digest)
    lasting = request.args.get("v") is not None
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if lasting else "no-cache"
    return response


@lru_cache(maxsize=256)
def _packed(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)
