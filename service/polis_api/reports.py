"""Reports: an id to hand out, and the five tables under it. An id opens nothing by itself."""

from flask import Response, url_for

from service.api.exports import begun
from service.api.problems import ProblemError
from service.identity.caller import Scope
from service.parts import parts
from service.polis_api import asked, rights
from service.polis_api.answers import report_answer
from service.polis_api.declaring import json_of, routes
from service.polis_api.report_files import FILES, report_file
from service.polis_api.shelf import numbering
from service.store import reports
from service.store.errors import NotFoundError


@routes.declare("GET", "/reports", asked.ReportsQuery, kind="list")
def get_reports(said: asked.ReportsQuery) -> Response:
    """Read a report by its id, or with a key those of a conversation."""
    if said.report_id is not None:
        found = _found(said.report_id)
        if said.conversation_id not in (None, found.conversation.id):
            raise ProblemError("not-found", "this report is of another conversation")
        return json_of([report_answer(found, asked.LABELS)])
    if said.conversation_id is None:
        raise ProblemError("invalid", "expected a report_id or a conversation_id")
    conversation = rights.shown(said.conversation_id)
    # Whoever knows the conversation needn't know its reports; who may read the data may.
    if not rights.holds(conversation, Scope.ADMIN):
        rights.require_ballots(conversation)
    return json_of([report_answer(one, asked.LABELS) for one in reports.list_all(parts().store, conversation)])


@routes.declare("POST", "/reports", asked.ConversationQuery, scope=Scope.ADMIN)
def post_reports(said: asked.ConversationQuery) -> Response:
    """Make a report of a conversation."""
    reports.create(parts().store, rights.owned(said.conversation_id))
    return json_of({})


@routes.declare("PUT", "/reports", asked.ReportBody, scope=Scope.ADMIN)
def put_reports(said: asked.ReportBody) -> Response:
    """Change a report's name and labels."""
    report = _found(said.report_id or "")
    rights.owned(report.conversation.id)
    if said.conversation_id not in (None, report.conversation.id):
        raise ProblemError("not-found", "this report is of another conversation")
    labels = said.model_dump(include=set(asked.LABELS), exclude_none=True)
    reports.change(parts().store, report, name=said.report_name, settings=labels)
    return json_of({})


@routes.declare("GET", "/reportExport/<report_id>/<filename>", asked.NothingQuery, kind="text/csv")
def get_report_export(_: asked.NothingQuery, report_id: str, filename: str) -> Response:
    """Read one of five tables of a report's conversation; needs the right to see ballots. Agree is 1 here."""
    report = _found(report_id)
    if filename not in FILES:
        raise ProblemError("not-found", f"a report has {', '.join(FILES)}")
    rights.require_ballots(report.conversation)
    moderates = rights.holds(report.conversation, Scope.MODERATE)
    pieces = report_file(
        parts().store,
        report.conversation,
        filename,
        numbers=numbering(report.conversation),
        shows_every_text=moderates,
        address=url_for(
            "polis_addresses.conversation_page", conversation=report.conversation.id, _external=True
        ),
    )
    return Response(begun(pieces), mimetype="text/csv", headers={"Cache-Control": "no-store"})


def _found(report_id: str) -> reports.Report:
    if not report_id.isascii() or not report_id.isalnum():
        raise NotFoundError("no report with this id")
    return reports.find(parts().store, report_id)
