"""Freeze and draw reports, a step in each transaction, so that a killed process loses no step."""

import traceback
from collections.abc import Iterable, Mapping
from contextlib import suppress
from uuid import UUID

from app.db.server import replica
from app.db.session import db, transaction
from app.kernel import clock
from app.reports.domain import document
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import ordered_forms
from app.reports.queries import runs as queries
from app.reports.service import runs
from app.reports.service.contents import building
from app.reports.service.drawing import NoPdfError, draw
from app.reports.shapes import RunLine
from app.web.request_state import request_state
from app.web.settings import settings


def make_next() -> bool:
    """Make the next report of the queue; return False if there is none or another process makes one."""
    with transaction():
        run = runs.take_next(clock.now(), clock.real_now())
    if run is None:
        return False
    try:
        content = freeze(run)
        for form in _missing(run):
            store(run.id, drawings([form], content))
        finish(run.id)
    except Exception as error:
        db.session.rollback()
        with transaction():
            runs.fail(run.id, _position(error), clock.now())
        raise
    return True


def freeze(run: RunLine) -> bytes:
    """Return the numbers of a report, and freeze them unless they are frozen."""
    return queries.frozen(run.id) or _freeze(run)


def drawings(forms: Iterable[ReportFormat], content: bytes) -> dict[ReportFormat, bytes]:
    """Return files by form. A site that cannot draw PDF makes reports without it: their page can be printed."""
    frozen, sha256 = document.decode(content), document.digest(content)
    files = {}
    for form in forms:
        with suppress(NoPdfError):
            files[form] = draw(form, frozen, content, sha256)
    return files


def store(run_id: UUID, files: Mapping[ReportFormat, bytes]) -> None:
    """Store drawn files, each in its transaction."""
    for form, file in files.items():
        with transaction():
            runs.store_file(run_id, form, file, clock.real_now())


def finish(run_id: UUID) -> None:
    """Mark a report as ready; all its files are stored."""
    with transaction():
        runs.finish(run_id, clock.now())


def _missing(run: RunLine) -> list[ReportFormat]:
    """Return the forms that are not stored yet, in their order."""
    stored = {file.form for file in queries.files(run.id)}
    db.session.rollback()  # end the read snapshot before writing
    return [form for form in ordered_forms(run.forms) if form not in stored]


def _freeze(run: RunLine) -> bytes:
    """Read all numbers and store them once; another process may have been first."""
    moment = clock.now()
    _read_again()
    content = document.encode(replica.read(settings().replica_url, lambda: building.document(run.request, moment)))
    db.session.rollback()
    with transaction():
        return runs.store_frozen(run.id, content, moment)


def _read_again() -> None:
    """Let officers under threat be read again: the job makes several reports in one context."""
    state = request_state()
    state.disclosure, state.protected_records = None, None
    state.serving.clear()


def _position(error: Exception) -> str:
    """Return the position in the code, never the message: it may contain personal data."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} {frame.filename.rpartition('/')[2]}:{frame.lineno}"
