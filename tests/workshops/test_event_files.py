"""Files for participants: accepted types, readers by sensitivity, expiry, withdrawal, retention."""

import io
from datetime import date, datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.policy import Role, Sensitivity
from app.db.session import db, transaction
from app.kernel.errors import DomainError
from app.kernel.pictures import RefusedPictureError
from app.workshops import jobs
from app.workshops.domain.event_files import FileKind, clean_file, file_name, is_expired, title_of
from app.workshops.models.documents import EventFile
from app.workshops.service import event_files
from tests.support import event_documents, factories, workshop_events, workshop_pages
from tests.support.event_documents import EXPIRES, PDF
from tests.support.settings import NOW


@pytest.mark.parametrize(
    ("content", "kind"), [(PDF, FileKind.PDF), (event_documents.png(), FileKind.PNG)], ids=["pdf", "png"]
)
def test_type_is_taken_from_the_content(content: bytes, kind: FileKind) -> None:
    assert clean_file(content).kind is kind


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg>", b"PK\x03\x04", b"%PDF-1.4 cut off", b"MZ" + PDF],
    ids=["empty", "svg", "zip", "cut", "exe"],
)
def test_other_content_is_refused(content: bytes) -> None:
    with pytest.raises((DomainError, RefusedPictureError)):
        clean_file(content)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("C:\\files\\way_to_the_hall.pdf", "way to the hall"),
        ("plan", "plan"),
        ("\u202egpj.exe.pdf", "gpj.exe"),
        ("", ""),
    ],
)
def test_title_is_the_name_without_folder_and_ending(name: str, title: str) -> None:
    assert title_of(name) == title


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Plan of the quay", "Plan of the quay.pdf"),
        ("../../etc/passwd", "etc passwd.pdf"),
        ('C:\\hall 2: "who?"', "C hall 2 who.pdf"),
        ("plan.pdf", "plan.pdf"),
        ("a\u202eb\r\nc", "a b c.pdf"),
        ("خطة الرصيف", "خطة الرصيف.pdf"),
        ("/.", "file.pdf"),
    ],
)
def test_file_name_is_the_title_without_signs_of_paths(title: str, name: str) -> None:
    assert file_name(title, FileKind.PDF) == name


def test_last_day_ends_in_the_zone_of_the_event() -> None:
    end = datetime.fromisoformat("2027-06-04T20:59:59+00:00")
    assert not is_expired(EXPIRES, "Europe/Sofia", end)
    assert is_expired(EXPIRES, "Europe/Sofia", datetime.fromisoformat("2027-06-04T21:00:00+00:00"))


def _event(app: Flask) -> tuple[UUID, UUID, UUID]:
    """Return an event, a participant, and a coordinator who adds files."""
    with app.app_context():
        workshop_id = workshop_events.announced(capacity=1)
        participant, _waiting = workshop_events.booked(workshop_id, 2)
        coordinator = workshop_pages.person_with(Role.COORDINATOR)
        db.session.commit()
        return workshop_id, participant, coordinator


def _status(client: FlaskClient, workshop_id: UUID, file_id: UUID) -> int:
    return client.get(f"/workshops/{workshop_id}/files/{file_id}").status_code


def test_participant_downloads_a_file_as_attachment(app: Flask) -> None:
    workshop_id, participant, by = _event(app)
    with app.app_context():
        file_id = event_documents.add_file(workshop_id, by)
    answer = factories.sign_in(app, participant).get(f"/workshops/{workshop_id}/files/{file_id}")
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("title", "header"),
    [
        ("Plan of the quay", 'attachment; filename="Plan of the quay.pdf"'),
        ("رصيف", "attachment; filename=.pdf; filename*=UTF-8''%D8%B1%D8%B5%D9%8A%D9%81.pdf"),
    ],
    ids=["latin", "arabic"],
)
def test_downloaded_file_is_named_after_its_title(app: Flask, title: str, header: str) -> None:
    workshop_id, participant, by = _event(app)
    with app.app_context():
        file_id = event_documents.add_file(workshop_id, by, title=title)
    answer = factories.sign_in(app, participant).get(f"/workshops/{workshop_id}/files/{file_id}")
    assert answer.headers["Content-Disposition"] == header
    assert answer.headers["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("level", list(Sensitivity))
def test_person_without_a_seat_gets_404(app: Flask, level: Sensitivity) -> None:
    workshop_id, _participant, by = _event(app)
    with app.app_context():
        file_id = event_documents.add_file(workshop_id, by, sensitivity=level)
        stranger = factories.person()
    assert _status(factories.sign_in(app, stranger), workshop_id, file_id) == 404


@pytest.mark.parametrize(
    ("level", "status"), [(Sensitivity.LAW_ENFORCEMENT_ONLY, 200), (Sensitivity.PARTICIPANTS_ONLY, 404)]
)
def test_other_coordinator_does_not_read_files_of_participants_only(
    app: Flask, level: Sensitivity, status: int
) -> None:
    workshop_id, _participant, by = _event(app)
    with app.app_context():
        file_id = event_documents.add_file(workshop_id, by, sensitivity=level)
    client = workshop_pages.client_of(app, Role.COORDINATOR)
    assert _status(client, workshop_id, file_id) == status


def test_withdrawn_file_is_gone_at_once_with_its_content(app: Flask) -> None:
    workshop_id, participant, by = _event(app)
    with app.app_context():
        file_id = event_documents.add_file(workshop_id, by)
    staff = factories.sign_in(app, by)
    path = f"/teaching/workshops/{workshop_id}/files/{file_id}/withdrawal"
    assert workshop_pages.post(app, staff, path).status_code == 302
    assert _status(factories.sign_in(app, participant), workshop_id, file_id) == 404
    with app.app_context():
        assert db.session.get_one(EventFile, file_id).content is None


def test_expired_file_is_closed_and_then_deleted_by_the_job(app: Flask) -> None:
    workshop_id, participant, by = _event(app)
    with app.app_context():
        file_id = event_documents.add_file(workshop_id, by, expires_on=date(2027, 5, 10))
    client = factories.sign_in(app, participant)
    workshop_pages.at(datetime.fromisoformat("2027-05-11T08:00:00+00:00"))
    with app.app_context():
        jobs.delete_documents()
        assert db.session.get(EventFile, file_id) is not None  # the day may not be over in every zone
    client = factories.sign_in(app, participant)
    assert _status(client, workshop_id, file_id) == 404
    workshop_pages.at(datetime.fromisoformat("2027-05-12T08:00:00+00:00"))
    with app.app_context():
        assert jobs.delete_documents() == 1
        assert db.session.get(EventFile, file_id) is None


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("expires_on", "2027-01-01", "The date has passed."),
        ("expires_on", "2030-01-01", "within a year after the event"),
        ("sensitivity", "secret", "Choose who can download it."),
        ("file", b"#!/bin/sh", "This type of file is not accepted."),
    ],
)
def test_file_with_an_error_is_refused_in_words(app: Flask, name: str, value: object, error: str) -> None:
    workshop_id, _participant, by = _event(app)
    client = factories.sign_in(app, by)
    fields: dict[str, object] = {
        "title": "Plan", "sensitivity": "unrestricted", "expires_on": "2027-06-04", "file": PDF
    } | {name: value}  # fmt: skip
    fields["file"] = (io.BytesIO(fields["file"]), "plan.pdf")  # type: ignore[arg-type]
    answer = workshop_pages.post(app, client, f"/teaching/workshops/{workshop_id}/files", **fields)
    assert answer.status_code == 422
    assert error in answer.text


def test_copy_of_a_file_is_refused(app: Flask) -> None:
    workshop_id, _participant, by = _event(app)
    with app.app_context():
        event_documents.add_file(workshop_id, by)
        with pytest.raises(DomainError, match="already"):
            event_documents.add_file(workshop_id, by)


def test_cancelled_event_takes_no_file(app: Flask) -> None:
    with app.app_context():
        workshop_id = workshop_events.announced()
        by = workshop_pages.person_with(Role.COORDINATOR)
        file = event_files.NewFile(
            title="Plan", file=clean_file(PDF), sensitivity=Sensitivity.UNRESTRICTED, expires_on=EXPIRES
        )
        with transaction():
            workshop_events.lifecycle.cancel(workshop_id, reason="The hall is closed.", by=by, now=NOW)
        with pytest.raises(DomainError), transaction():
            event_files.add(workshop_id, file, by=by, now=NOW)
