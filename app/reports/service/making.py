"""Freeze and draw reports, a step in each transaction, so that a killed process loses no step."""

import traceback

from app.db.session import db, transaction
from app.kernel import clock
from app.reports.domain import document
from app.reports.domain.runs import ordered_forms
from app.reports.queries import runs as queries
from app.reports.service import runs
from app.reports.service.contents import building
from app.reports.service.drawing import NoPdfError, draw
from app.reports.shapes import RunLine
from app.web.request_state import request_state


def make_next() -> bool:
    """Make the next report of the queue; return False if there is none or another process makes one."""
    with transaction():
        run = runs.take_next(clock.now(), clock.real_now())
    if run is None:
        return False
    try:
        _make(run)
    except Exception as error:
        db.session.rollback()
        with transaction():
            runs.fail(run.id, _position(error), clock.now())
        raise
    return True


def _make(run: RunLine) -> None:
    """Freeze a report unless it is frozen, and draw the forms that are missing."""
    content = queries.frozen(run.id) or _freeze(run)
    frozen, sha256 = document.decode(content), document.digest(content)
    drawn = {file.form for file in queries.files(run.id)}
    db.session.rollback()  # end the read snapshot before writing
    for form in ordered_forms(run.forms):
        if form in drawn:
            continue
        try:
            file = draw(form, frozen, content, sha256)
        except NoPdfError:  # this site cannot draw PDF: the report is ready without it, its page can be printed
            continue
        with transaction():
            runs.store_file(run.id, form, file, clock.real_now())
    with transaction():
        runs.finish(run.id, clock.now())


def _freeze(run: RunLine) -> bytes:
    """Read all numbers and store them once; another process may have been first."""
    moment = clock.now()
    _read_again()
    content = document.encode(building.document(run.request, moment))
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
