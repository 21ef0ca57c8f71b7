"""A conversation from elsewhere comes in at the desk: a file, a dry run, then the import."""

import re
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO

import orjson
from flask import Response, request, url_for
from werkzeug.datastructures import FileStorage

from service.actions.import_upload import Upload, import_upload
from service.api.fields import MAX_QUESTION_LENGTH
from service.api.requests import pieces_of
from service.api.texts import kept_text
from service.desk.answering import desk_answer, to_page
from service.desk.entering import Visit, desk_page
from service.parts import parts
from service.store import analysis_jobs, conversations
from service.store.analysis_records import AnalysisJob, AnalysisKind, NewAnalysis
from service.store.desk_records import Role
from service.store.errors import NotFoundError
from service.store.records import UNKNOWN_LANGUAGE

MOST_BYTES = 64 << 20
"""Largest file at the desk: twenty times the largest conversation that is published."""

N_KEPT = 5
"""Files of one organisation that are kept between dry run and import, for at most an hour."""

STEPS = ("reading", "keeping")
"""What an import does, in this order, as the command names it."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", re.ASCII)


@desk_page("/imports", Role.OWNER)
def import_page(visit: Visit) -> Response:
    """Ask for the file."""
    return _asked(visit)


@desk_page("/imports", Role.OWNER, method="POST", most_bytes=MOST_BYTES)
def import_form(visit: Visit) -> Response:
    """Take a zip, or the tables that Polis gives one by one, and begin a dry run."""
    files = [one for one in request.files.getlist("file") if one.filename]
    if not files:
        return _asked(visit, trouble="desk_import_no_file", status=422)
    path = _kept_file(files)
    store, tenant = parts().store, visit.person.tenant
    analysis_jobs.remove_but_latest(store, tenant, AnalysisKind.IMPORT_CHECK, n_kept=N_KEPT - 1)
    name = "".join(filter(str.isprintable, files[0].filename or ""))[:200]
    new = NewAnalysis(tenant, AnalysisKind.IMPORT_CHECK, {"name": name if len(files) == 1 else ""})
    with path.open("rb") as file:
        upload = Upload(path, tenant, False, {}, ("dry-run",))
        job = import_upload(store, parts().settings, new, upload, kept=pieces_of(file))
    if job is None:
        return _asked(visit, trouble="desk_import_too_many", status=429)
    return to_page(url_for("desk.import_check_page", job=job.id))


@desk_page("/imports/<job>", Role.OWNER)
def import_check_page(visit: Visit, job: str) -> Response:
    """Show how far the dry run is, what it found, or why the file can't be read."""
    return _checked(visit, _found(visit, job, AnalysisKind.IMPORT_CHECK))


@desk_page("/imports/<job>", Role.OWNER, method="POST")
def import_start_form(visit: Visit, job: str) -> Response:
    """Import what was tried."""
    check = _found(visit, job, AnalysisKind.IMPORT_CHECK)
    if check.document is None:
        raise NotFoundError("no such import")
    form, store = request.form, parts().store
    told = orjson.loads(check.document)
    wanted, flags = _chosen(told)
    if wanted is None:
        return _checked(visit, check, wrong={"question"}, status=422)
    upload = Upload(_again(check), visit.person.tenant, bool(form.get("is_test")), wanted, flags)
    new = NewAnalysis(visit.person.tenant, AnalysisKind.IMPORT, {**wanted, "n_votes": told["n_votes"]})
    made = import_upload(store, parts().settings, new, upload)
    if made is None:
        return _checked(visit, check, trouble="desk_import_too_many", status=429)
    return to_page(url_for("desk.importing_page", job=made.id))


@desk_page("/imports/run/<job>", Role.OWNER)
def importing_page(visit: Visit, job: str) -> Response:
    """Show how far an import is; when it is done, the conversation's overview."""
    found = _found(visit, job, AnalysisKind.IMPORT)
    if found.document is not None:
        made = orjson.loads(found.document)["conversation"]
        return to_page(url_for("desk.overview_page", conversation=made, imported=1))
    return _told(desk_answer(visit, "importing.html", job=found, steps=STEPS, told=None), found)


def _asked(visit: Visit, *, trouble: str = "", status: int = 200) -> Response:
    kept = analysis_jobs.list_latest(
        parts().store, visit.person.tenant, AnalysisKind.IMPORT_CHECK, limit=N_KEPT
    )
    return desk_answer(visit, "import.html", status, trouble=trouble, most=MOST_BYTES >> 20, kept=kept)


def _checked(
    visit: Visit, job: AnalysisJob, *, wrong: Iterable[str] = (), trouble: str = "", status: int = 200
) -> Response:
    told = None if job.document is None else orjson.loads(job.document)
    if told is None:
        return _told(desk_answer(visit, "importing.html", job=job, steps=STEPS[:1], told=None), job)
    fields = {"question": told["question"], "language": UNKNOWN_LANGUAGE, **request.form}
    return desk_answer(
        visit, "import_check.html", status, job=job, told=told, fields=fields, wrong=set(wrong), trouble=trouble
    )


def _told(response: Response, job: AnalysisJob) -> Response:
    # Without a script: the browser asks again by itself for as long as there is something to wait for.
    if not job.has_ended:
        response.headers["Refresh"] = "1"
    return response


def _found(visit: Visit, job: str, kind: AnalysisKind) -> AnalysisJob:
    if len(job) > 64 or not job.isascii():
        raise NotFoundError("no such import")
    return analysis_jobs.find(parts().store, visit.person.tenant, job, kind=kind, is_test=None)


def _chosen(told: dict[str, Any]) -> tuple[dict[str, str] | None, list[str]]:
    """Return options of the command: those with a value, or nothing when one is wrong; and the others."""
    form = request.form
    if told["form"] == "own":
        # Its own id is another conversation's already: then it becomes a copy beside that one.
        return ({"id": conversations.new_id()} if told["is_taken"] else {}), []
    flags = [
        name
        for name, is_chosen in (
            ("hold-unmoderated", form.get("hold_unmoderated")),
            ("closed", not form.get("is_open")),
        )
        if is_chosen
    ]
    try:
        question = kept_text(form.get("question", ""), most=MAX_QUESTION_LENGTH)
    except ValueError:
        return None, flags
    wanted = {"question": question}
    if _LANGUAGE.fullmatch(form.get("language", "")):
        wanted["language"] = form["language"]
    return wanted, flags


def _kept_file(files: list[FileStorage]) -> Path:
    """Return where the file is put aside; several tables go into one zip."""
    with tempfile.NamedTemporaryFile(prefix="poldermodel-", suffix=".zip", delete=False) as aside:
        path = Path(aside.name)
        try:
            if len(files) == 1 and not (files[0].filename or "").lower().endswith(".csv"):
                copyfileobj(files[0].stream, aside)
            else:
                _zip(files, aside)  # pyright: ignore[reportArgumentType] - it writes as a binary file does.
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    return path


def _zip(files: list[FileStorage], aside: BinaryIO) -> None:
    with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for file in files:
            name = (file.filename or "").replace("\\", "/").rpartition("/")[2]
            with made.open(name, "w") as member:
                copyfileobj(file.stream, member)


def _again(check: AnalysisJob) -> Path:
    """Return the file of a dry run, put aside again; another process may have taken it in."""
    with tempfile.NamedTemporaryFile(prefix="poldermodel-", suffix=".zip", delete=False) as aside:
        for piece in analysis_jobs.pieces_of(parts().store, check.number):
            aside.write(piece)
    return Path(aside.name)
