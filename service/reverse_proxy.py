"""Know where people reach the service, when something else stands between: a proxy, a path on another site."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import WSGIApplication

from werkzeug.middleware.proxy_fix import ProxyFix

from service.settings import Settings


def behind_proxies(app: WSGIApplication, settings: Settings) -> WSGIApplication:
    """Return an app whose links lead where people are.

    What a request says of itself is believed only as far as the settings say: a header that anybody can send
    would make links that lead anywhere.
    """
    if settings.public_url:
        app = _at(app, settings.public_url)
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        app = ProxyFix(app, x_for=n, x_proto=n, x_host=n, x_prefix=n)
    return app


def _at(app: WSGIApplication, public_url: str) -> WSGIApplication:
    """Return an app that believes to be asked at this address, whether or not the proxy took the path away."""
    split = urlsplit(public_url)
    prefix = split.path.rstrip("/")

    def run(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        path = environ.get("PATH_INFO", "")
        if prefix and (path == prefix or path.startswith(f"{prefix}/")):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        environ |= {"SCRIPT_NAME": prefix, "HTTP_HOST": split.netloc, "wsgi.url_scheme": split.scheme}
        return app(environ, start_response)

    return run
