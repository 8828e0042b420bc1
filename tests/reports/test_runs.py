"""Runs of reports: queue, freeze once, draw, kill at each step, verify, retention, roles."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import NoResultFound

from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.reports import jobs
from app.reports.commands import verify
from app.reports.domain.document import decode, digest
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import LEASE, MOST_TRIES, ReportKind, ReportRequest, RunState
from app.reports.models import ReportRun
from app.reports.queries import runs as queries
from app.reports.service import making, runs, verification
from app.reports.service.contents import building
from app.reports.service.drawing import NoPdfError
from app.reports.service.embedded import frozen_json
from app.reports.service.verification import Verdict
from app.reports.shapes import RunLine
from tests.support import plan_figures
from tests.support.plan_figures import Scene

PERIOD, COMPARED = date(2026, 12, 31), date(2026, 9, 30)


@pytest.fixture
def scene(app: Flask) -> Scene:
    return plan_figures.make(app)


def _request(**fields: object) -> ReportRequest:
    values = {
        "kind": ReportKind.QUARTERLY,
        "period_end": PERIOD,
        "compared_end": COMPARED,
        "language": "en",
        "forms": frozenset({ReportFormat.JSON}),
    }
    return ReportRequest(**(values | fields))  # type: ignore[arg-type]


def _queue(scene: Scene, **fields: object) -> UUID:
    with transaction():
        return runs.request(_request(**fields), by=scene.people["coordinator"], now=clock.now())


def _line(run_id: UUID) -> RunLine:
    db.session.rollback()
    return queries.line(run_id)


@pytest.mark.each_database
def test_report_is_ready_with_its_json(scene: Scene) -> None:
    with scene.app.app_context():
        run_id = _queue(scene)
        assert jobs.make_reports() == 1
        run = _line(run_id)
        content = queries.file(run_id, ReportFormat.JSON)
        assert (run.state, run.sha256) == (RunState.READY, digest(content))
        assert decode(content).period_end == "2026-12-31"
        assert queries.frozen(run_id) == content


class _KilledError(BaseException):
    """The process is killed: nothing catches it."""


STEPS: tuple[tuple[str, object], ...] = (
    ("document", building),
    ("store_frozen", runs),
    ("draw", making),
    ("store_file", runs),
    ("finish", runs),
)


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize(("name", "module"), STEPS)
def test_killed_run_is_made_with_the_same_hash(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, name: str, module: object, is_after: bool
) -> None:
    with scene.app.app_context():
        run_id = _queue(scene)
        original: Callable[..., object] = getattr(module, name)

        def killed(*args: object, **kwargs: object) -> object:
            if is_after:
                original(*args, **kwargs)
            raise _KilledError

        with monkeypatch.context() as patched:
            patched.setattr(module, name, killed)
            with pytest.raises(_KilledError):
                jobs.make_reports()
        db.session.rollback()
        before = _line(run_id).sha256
        assert jobs.make_reports() == 0  # leased by the killed process
        with transaction():
            db.session.execute(update(ReportRun).values(leased_until=clock.real_now() - LEASE))
        assert jobs.make_reports() == 1
        run = _line(run_id)
        assert run.state is RunState.READY
        assert before in ("", run.sha256)
        assert digest(queries.frozen(run_id) or b"") == run.sha256


def test_killed_run_has_four_files_with_the_same_json(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, pango: None
) -> None:
    with scene.app.app_context():
        run_id = _queue(scene, forms=frozenset(ReportFormat))
        with monkeypatch.context() as patched:
            patched.setattr(runs, "store_file", _killed_after(runs.store_file, ReportFormat.XLSX))
            with pytest.raises(_KilledError):
                jobs.make_reports()
        db.session.rollback()
        assert {file.form for file in queries.files(run_id)} == {ReportFormat.PDF, ReportFormat.DOCX}
        with transaction():
            db.session.execute(update(ReportRun).values(leased_until=clock.real_now() - LEASE))
        assert jobs.make_reports() == 1
        run, files = _line(run_id), {form: queries.file(run_id, form) for form in ReportFormat}
        frozen = queries.frozen(run_id)
        for form, content in files.items():
            assert (content if form is ReportFormat.JSON else frozen_json(content)) == frozen
            assert verification.verify(content) is Verdict.SAME
            assert verification.verify(content + b" ") is not Verdict.SAME
        assert (run.state, digest(frozen or b"")) == (RunState.READY, run.sha256)
    page = scene.client("coordinator").get(f"/reports/{run_id}").text
    assert all(f"/reports/{run_id}/export/{form}" in page for form in ReportFormat)
    assert "Completion of required courses" in page
    assert "PDF is not available" not in page


def _killed_after(original: Callable[..., None], last: ReportFormat) -> Callable[..., None]:
    """Return a function that stores files and kills the process after a form, before its transaction ends."""

    def store(run_id: UUID, form: ReportFormat, *args: object) -> None:
        original(run_id, form, *args)
        if form is last:
            raise _KilledError

    return store


def test_report_is_ready_without_pdf_where_it_cannot_be_drawn(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    original = making.draw

    def draw(form: ReportFormat, *args: object) -> bytes:
        if form is ReportFormat.PDF:
            raise NoPdfError
        return original(form, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "draw", draw)
    with scene.app.app_context():
        run_id = _queue(scene, forms=frozenset({ReportFormat.PDF, ReportFormat.XLSX}))
        assert jobs.make_reports() == 1
        assert {file.form for file in queries.files(run_id)} == {ReportFormat.XLSX, ReportFormat.JSON}
    page = scene.client("coordinator").get(f"/reports/{run_id}").text
    assert "PDF is not available on this site. Print the page." in page


def test_run_fails_after_three_tries_with_a_number(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    with scene.app.app_context():
        run_id = _queue(scene)
        monkeypatch.setattr(building, "document", _fail)
        for _try in range(MOST_TRIES):
            with pytest.raises(LookupError):
                jobs.make_reports()
        run = _line(run_id)
        assert (run.state, len(run.number)) == (RunState.FAILED, 8)
    page = scene.client("coordinator").get(f"/reports/{run_id}").text
    assert run.number in page


def _fail(*_args: object) -> None:
    raise LookupError


def test_verify_finds_a_changed_figure(scene: Scene) -> None:
    with scene.app.app_context():
        run_id = _queue(scene)
        jobs.make_reports()
        content = queries.file(run_id, ReportFormat.JSON)
        changed = content.replace(b'"value":30', b'"value":35')
        assert changed != content
        assert verification.verify(content) is Verdict.SAME
        assert verification.verify(changed) is Verdict.CHANGED
        assert verification.verify(b"{}") is Verdict.UNKNOWN
        other = content.replace(b'"period_end":"2026-12-31"', b'"period_end":"2020-12-31"')
        assert verification.verify(other) is Verdict.UNKNOWN


def test_command_verifies_a_file(scene: Scene, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    with scene.app.app_context():
        run_id = _queue(scene)
        jobs.make_reports()
        file.write_bytes(queries.file(run_id, ReportFormat.JSON))
    runner = scene.app.test_cli_runner()
    result = runner.invoke(verify, [str(file)])
    assert (result.exit_code, result.output.split(":")[0]) == (0, "same")
    file.write_bytes(file.read_bytes()[:-1])
    result = runner.invoke(verify, [str(file)])
    assert (result.exit_code, result.output.split(":")[0]) == (1, "unknown")


@pytest.mark.each_database
def test_new_report_replaces_the_earlier(scene: Scene) -> None:
    with scene.app.app_context():
        first, second = _queue(scene), _queue(scene)
        assert jobs.make_reports() == 2
        assert (_line(first).replaced_by, _line(second).replaced_by) == (second, None)
        other = _queue(scene, language="fr")
        jobs.make_reports()
        assert _line(second).replaced_by is None
        assert _line(other).is_ready


def test_same_form_requests_one_report(scene: Scene) -> None:
    with scene.app.app_context():
        by, now = scene.people["coordinator"], clock.now()
        for _press in range(2):
            with transaction():
                run_id = runs.request(_request(), by=by, now=now, submission="form")
        assert queries.requested_with(_line(run_id).id.hex) is None
        assert jobs.make_reports() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"period_end": date(2027, 3, 31)},
        {"period_end": date(2026, 12, 30)},
        {"compared_end": PERIOD},
        {"compared_end": date(2026, 9, 29)},
        {"subject": "IQ"},
        {"kind": ReportKind.COUNTRY},
        {"forms": frozenset()},
    ],
)
def test_report_of_invalid_period_subject_or_forms_is_refused(scene: Scene, fields: dict[str, object]) -> None:
    with scene.app.app_context(), pytest.raises(DomainError):
        _queue(scene, **fields)


@pytest.mark.each_database
def test_reports_are_deleted_after_24_months(scene: Scene) -> None:
    with scene.app.app_context():
        first, second = _queue(scene), _queue(scene)
        jobs.make_reports()
        months = 24 * 31
        with transaction():
            old = clock.now() - timedelta(days=months)
            db.session.execute(update(ReportRun).where(ReportRun.id == first).values(requested_at=old))
        assert jobs.delete_expired() == 1
        assert _line(second).is_ready
        with pytest.raises(NoResultFound):
            queries.line(first)


READERS = {
    "coordinator": (200, 200),
    "co-chair": (404, 200),
    "contact point": (404, 200),
    "administrator": (404, 404),
    "practitioner": (404, 404),
}


@pytest.mark.parametrize("reader", list(READERS))
def test_finished_report_opens_to_readers(scene: Scene, reader: str) -> None:
    with scene.app.app_context():
        run_id = _queue(scene)
    client = scene.client(reader)
    paths = (f"/reports/{run_id}", f"/reports/{run_id}/export/json")
    assert client.get(paths[0]).status_code == READERS[reader][0]
    assert client.get(paths[1]).status_code == 404
    with scene.app.app_context():
        jobs.make_reports()
    assert [client.get(path).status_code for path in paths] == [READERS[reader][1]] * 2
    is_listed = READERS[reader][1] == 200
    assert client.get("/reports").status_code == (200 if is_listed else 403)
    assert client.get("/reports/new").status_code == (200 if reader == "coordinator" else 403)


def test_exact_sheet_opens_to_own_contact_points_only(scene: Scene) -> None:
    fields = {"kind": ReportKind.COUNTRY, "subject": "IQ", "country": "IQ", "is_exact": True}
    with scene.app.app_context():
        run_id = _queue(scene, **fields)
        jobs.make_reports()
    codes = {name: scene.client(name).get(f"/reports/{run_id}").status_code for name in scene.people}
    assert {name for name, code in codes.items() if code == 200} == {"contact point"}
    assert str(run_id) in scene.client("contact point").get("/reports").text
    assert str(run_id) not in scene.client("coordinator").get("/reports").text


def test_download_is_an_attachment_that_is_not_stored(scene: Scene) -> None:
    with scene.app.app_context():
        run_id = _queue(scene)
        jobs.make_reports()
    response = scene.client("co-chair").get(f"/reports/{run_id}/export/json")
    assert response.headers["Content-Disposition"] == 'attachment; filename="report-quarterly-2026-12-31-en.json"'
    assert "no-store" in response.headers["Cache-Control"]
