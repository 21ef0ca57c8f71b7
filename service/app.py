"""The only place where the parts of the web service meet."""

from flask import Flask
from flask_openapi.openapi import OpenAPI

from service.api import (
    analyses,
    ballots,
    callers,
    codes,
    conversations,
    cross_origin,
    errors,
    evidence,
    exports,
    group_map,
    health,
    idempotency,
    imports,
    leaving,
    letters,
    map_versions,
    merges,
    openapi,
    participant_tokens,
    participation,
    problem_kinds,
    rate_limits,
    reading,
    request_ids,
    requests,
    security_headers,
    statements,
    taking_part,
    votes,
    webhooks,
    what_if_maps,
)
from service.api.schemas import Problem
from service.desk import registering as desk
from service.identity.keys import KeyRing
from service.map_requests import AnalysisRequests, MapRequests
from service.pages import (
    api_page,
    embedding,
    embedding_guide,
    gallery,
    house_style,
    participating,
    widget_files,
)
from service.pages import routes as pages
from service.parts import Parts, attach
from service.polis_api import registering as polis_api
from service.reverse_proxy import behind_proxies
from service.settings import Settings
from service.store.committer import VoteCommitter
from service.store.database import open_store
from service.store.exposures import ExposureLog


def create_app(settings: Settings) -> Flask:
    """Return the web service, ready to answer.

    Parameters
    ----------
    settings
        Which store, which queue, which keys. The store's tables must exist: migrating is an act of its own.

    Raises
    ------
    StoreError
        When the store's address can't be used.
    """
    store = open_store(settings.database_url, secret=settings.secret.get_secret_value().encode())
    parts = Parts(
        settings=settings,
        store=store,
        committer=VoteCommitter(store),
        map_requests=MapRequests(settings.redis_url, job_timeout_seconds=settings.job_timeout_seconds),
        key_ring=KeyRing(store),
        exposures=ExposureLog(store),
        analysis_requests=AnalysisRequests(
            settings.redis_url, job_timeout_seconds=settings.analysis_timeout_seconds
        ),
    )
    return app_of(parts)


def app_of(parts: Parts) -> Flask:
    """Return the web service over parts that are open already."""
    app = OpenAPI(
        "service",
        info=openapi.INFO,
        security_schemes=openapi.SECURITY_SCHEMES,
        validation_error_model=Problem,
        validation_error_callback=errors.of_validation,
        doc_ui=False,
        static_folder=None,
    )
    # One address each: no slash at the end, none doubled, and no redirect to whatever host a caller names.
    app.url_map.merge_slashes = False
    attach(app, parts)
    # The order matters: a request gets its id, then its caller is known, then its form is looked at.
    request_ids.register(app)
    callers.register(app)
    rate_limits.register(app)
    requests.register(app)
    idempotency.register(app)
    errors.register(app, page=pages.problem_page)
    reading.register(app)
    security_headers.register(app)
    cross_origin.register(app)
    conversation_parts = (
        conversations,
        participant_tokens,
        statements,
        merges,
        votes,
        participation,
        taking_part,
        leaving,
        group_map,
        map_versions,
        what_if_maps,
        evidence,
        ballots,
        codes,
        letters,
        exports,
    )
    for part in (health, *conversation_parts, analyses, imports, webhooks, problem_kinds):
        app.register_api(part.routes)
    own_pages = (
        pages, api_page, participating, embedding, embedding_guide, gallery, house_style, widget_files,
    )  # fmt: skip
    for pages_of in own_pages:
        app.register_blueprint(pages_of.routes)
    polis_api.register(app)
    desk.register(app)
    openapi.register(app)
    # This is how Flask's own documentation wraps an app; its type says method.
    app.wsgi_app = behind_proxies(app.wsgi_app, parts.settings)  # pyright: ignore[reportAttributeAccessIssue]
    return app
