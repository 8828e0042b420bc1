"""Administrators cannot learn the country of a person from the audit log: neither from entries nor by filters."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, get_args, get_origin
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

import app as academy
from app.access.policy import Role, Scope
from app.audit import jobs
from app.audit.events import TrailRead
from app.audit.models import Entry
from app.audit.service import entries as audit
from app.audit.service.entries import ENVELOPE, PEOPLE
from app.db.session import db, record, transaction
from app.directory.events import PostingMoved, ProtectionChanged
from app.directory.service import postings
from app.identity.events import SettingsChanged
from app.identity.queries import postings as identity_postings
from app.invitations.events import InvitationAccepted, InvitationFilled, Invited, LetterPrinted
from app.invitations.service import aliases
from app.kernel.events import Event, stored_name
from app.operations.domain import OFFICERS_OWN
from app.rights.events import SupervisorAssigned
from app.sign_in.events import PasswordChanged
from tests.support import databases, factories
from tests.support.settings import NOW

# ids that are of no country and of no other person, beside the one whom the entry is about
UNTIED = {
    "action_id", "attempt", "batch_id", "change_id", "claim_id", "course_id", "link_id", "note_id", "observation_id",
    "asked_id", "playthrough_id", "proposal_id", "session_id", "sheet_id", "suggestion_id", "version_id", "wish_id",
    "workshop_id", "question_id", "remark_id", "requirement_id", "exemption_id", "report_id", "review_id", "source_id",
    "reminder_id", "target_id", "need_id", "record_id",
    "run_id", "schedule_id", "line_id", "panel_id", "peer_request_id",
    "certificate_id", "replaced_by_id", "sitting_id", "check_request_id", "draw_id", "product_id", "nomination_id",
    "file_id", "message_id", "cascade_id",
}  # fmt: skip
# those that are: left out always, of people of the same country, or where they do not stand beside who made them
LEFT_OUT = {"agency_id", "supervisor_id"}
OTHERS = {"who", "about", "people", "first_id", "second_id"}
TIED = {*LEFT_OUT, *OTHERS, "invitation_id"}


@cache
def _kinds() -> dict[str, type[Event]]:
    """Return the classes of all events by their stored name."""
    for path in Path(academy.__file__).parent.glob("*/events*"):
        import_module(f"app.{path.parent.name}.events")
    return _subclasses(Event)


def _subclasses(of: type[Event]) -> dict[str, type[Event]]:
    found: dict[str, type[Event]] = {}
    for one in of.__subclasses__():
        if one.__module__.startswith("app."):
            found |= {stored_name(one): one} | _subclasses(one)
    return found


def _ids(kind: type[Event]) -> set[str]:
    """Return the recorded fields of an event with ids, except the person concerned."""
    told = (one for one in fields(kind) if not one.metadata.get("untold"))
    return {one.name for one in told if "UUID" in str(one.type)} - ENVELOPE - set(PEOPLE)


class Scene:
    """An administrator of elsewhere; a contact point, an officer and a supervisor of one country, and a stranger."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            grant = ((Role.ADMINISTRATOR, Scope.ALL, ""),)
            self.administrator = factories.person(country="BG", roles=(), grants=grant)
            self.contact = factories.person(country="IQ", grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),))
            self.officer, self.colleague = (factories.person(country="IQ") for _turn in range(2))
            self.stranger = factories.person(country="AT")
        self.tied = {name: uuid4() for name in ("agency_id", "invitation_id")}
        self.tied |= dict.fromkeys(("supervisor_id", *OTHERS), self.colleague)

    def client(self, who: UUID) -> FlaskClient:
        return factories.sign_in(self.app, who)

    def write(self, *happened: Event) -> None:
        """Record events in the audit log only: handlers of other packages would look up their subjects."""
        with self.app.app_context(), transaction():
            events = [replace(one, at=NOW + timedelta(minutes=number)) for number, one in enumerate(happened, 1)]
            audit.write(events, identity_postings.countries)

    def made(self, kind: type[Event]) -> Event:
        """Return an event of a kind: the contact point did something to the officer."""
        values: dict[str, Any] = {"actor_id": self.contact}
        for one in fields(kind):
            if one.name not in ENVELOPE:
                values[one.name] = self._value(one.name, one.type)
        return kind(**values)

    def _value(self, name: str, shape: Any) -> Any:
        if name in PEOPLE:
            return self.officer
        if "UUID" in str(shape):
            one = self.tied.get(name) or uuid4()
            return (one,) if get_origin(shape) is tuple else one
        if name in {"country", "reach"}:
            return "IQ"
        for kind in (shape, *get_args(shape)):
            if get_origin(shape) is Literal:
                return kind
            if kind in _PLAIN:
                return _PLAIN[kind]
        return ()


_PLAIN: dict[Any, Any] = {str: "x", int: 1, float: 0.5, bool: True, date: NOW.date()}


@pytest.fixture
def scene(app: Flask) -> Scene:
    return Scene(app)


def rows(client: FlaskClient, query: str = "") -> list[str]:
    answer = client.get(f"/audit?{query}")
    assert answer.status_code == 200
    return re.findall(r"<tr><td[^>]*>(.*?)</tr>", answer.text, re.DOTALL)


def lines(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    text = client.get(f"/audit/export?{query}").text.removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def test_every_id_in_events_is_classified() -> None:
    """A new id must be classified: whether an administrator may see it."""
    found = set[str]().union(*(_ids(kind) for kind in _kinds().values()))
    assert found == UNTIED | TIED


def _tying() -> Iterator[str]:
    for name, kind in _kinds().items():
        if name not in OFFICERS_OWN and _ids(kind) & TIED:
            yield name


def test_administrator_sees_no_two_countrymen_in_an_entry(scene: Scene) -> None:
    kinds = list(_tying())
    assert {"InvitationAccepted", "SupervisorAssigned", "PostingMoved", "TrailRead", "AttendanceKept"} <= set(kinds)
    scene.write(*(scene.made(_kinds()[name]) for name in kinds))
    client = scene.client(scene.administrator)
    for name in kinds:
        row, line = rows(client, f"kind={name}")[-1], lines(client, f"kind={name}")[-1]  # reading is an entry, too
        about_somebody = any(one.name in PEOPLE for one in fields(_kinds()[name]))
        for field in _ids(_kinds()[name]) & TIED:
            told = field == "invitation_id" and not about_somebody
            assert (str(scene.tied[field])[:8] in row) == told, (name, field)
            assert (str(scene.tied[field]) in "".join(line.values())) == told, (name, field)


def test_hidden_values_find_no_entries(scene: Scene) -> None:
    kinds = [name for name in _tying() if name not in {"TrailRead", "TrailExported"}]
    scene.write(*(scene.made(_kinds()[name]) for name in kinds))
    client = scene.client(scene.administrator)
    for name in kinds:
        about_somebody = any(one.name in PEOPLE for one in fields(_kinds()[name]))
        for field in _ids(_kinds()[name]) & TIED:
            told = field == "invitation_id" and not about_somebody
            assert len(rows(client, f"kind={name}&about={scene.tied[field]}")) == told, (name, field)
    assert rows(client, f"about={scene.tied['agency_id']}") == []


def test_invitation_does_not_reveal_its_sender(scene: Scene) -> None:
    one = uuid4()
    scene.write(
        Invited(invitation_id=one, country="IQ", role="practitioner", mails=1, actor_id=scene.contact),
        LetterPrinted(invitation_id=one, country="IQ", actor_id=scene.contact),
        InvitationFilled(invitation_id=one, filled="password"),
        InvitationAccepted(invitation_id=one, person_id=scene.officer, country="IQ", actor_id=scene.officer),
    )
    client = scene.client(scene.administrator)
    found = rows(client, f"about={one}")
    assert ["Letter printed" in row or "Invitation made" in row for row in found] == [True, True]
    for kind in ("InvitationAccepted", "InvitationFilled"):
        assert str(one)[:8] not in rows(client, f"kind={kind}")[0]
        assert str(one) not in "".join(lines(client, f"kind={kind}")[0].values())
    own = scene.client(scene.contact)
    assert len(rows(own, f"about={one}")) == 3  # of the country itself nothing is hidden; who fills in is of none yet


@pytest.mark.each_database
def test_agency_and_supervisor_find_nothing_for_administrator(scene: Scene) -> None:
    agency = scene.tied["agency_id"]
    posted = {"country": "IQ", "agency_id": agency, "roles": (), "since": NOW.date()}
    scene.write(
        PostingMoved(person_id=scene.officer, actor_id=scene.contact, **posted),
        SupervisorAssigned(
            person_id=scene.officer, supervisor_id=scene.colleague, country="IQ", actor_id=scene.contact
        ),
    )  # fmt: skip
    client, own = scene.client(scene.administrator), scene.client(scene.contact)
    for query, kind in ((f"about={agency}", "PostingMoved"), (f"about={scene.colleague}", "SupervisorAssigned")):
        assert rows(client, f"{query}&kind={kind}") == []
        assert lines(client, f"{query}&kind={kind}") == []
        assert len(rows(own, f"{query}&kind={kind}")) == 1


def test_filters_of_contact_points_are_not_shown(scene: Scene) -> None:
    asked = {"country": "", "name": "", "since": None, "until": None, "about": None}
    scene.write(
        TrailRead(who=scene.officer, actor_id=scene.contact, **asked),
        TrailRead(who=scene.stranger, actor_id=scene.contact, **asked),
        TrailRead(who=scene.contact, actor_id=scene.contact, **asked),
    )
    client = scene.client(scene.administrator)
    read = rows(client, f"kind=TrailRead&who={scene.contact}")
    assert [str(scene.contact)[:8] in row.partition("Details")[0] for row in read] == [True] * 3
    text = " ".join(read)
    assert str(scene.officer)[:8] not in text
    assert str(scene.stranger)[:8] in text


def test_entry_numbers_do_not_reveal_hidden_entries(scene: Scene) -> None:
    with scene.app.app_context(), transaction():
        for kind in ("PasswordChanged", "ProtectionChanged", "PasswordChanged"):
            record(scene.made(_kinds()[kind]))
    with scene.app.app_context():
        jobs.verify()
        numbers = list(db.session.scalars(select(Entry.id).where(Entry.name == "PasswordChanged")))
        last = db.session.scalars(select(func.max(Entry.id))).one() - 1  # as counted
    client = scene.client(scene.administrator)
    shown = rows(client)
    assert not any(re.search(rf">\D*\b{number}\b", row) for row in shown for number in (*numbers, last))
    assert {line["entry"] for line in lines(client)} == {""}
    assert str(last) not in "".join(line["details"] for line in lines(client, "kind=TrailVerified"))


def test_damaged_entry_shows_its_number(scene: Scene) -> None:
    with scene.app.app_context(), transaction():
        record(scene.made(PasswordChanged))
    with scene.app.app_context():
        number = db.session.scalars(select(Entry.id).where(Entry.name == "PasswordChanged")).one()
        db.session.remove()
        with db.engine.connect() as connection, databases.guards_off(connection):
            connection.execute(update(Entry.__table__).where(Entry.id == number).values(request_id="other"))
        with pytest.raises(jobs.DamagedAuditLogError):
            jobs.verify()
    client = scene.client(scene.administrator)
    assert f"<bdi>{number}</bdi>" in rows(client, "kind=PasswordChanged")[0]
    found = lines(client)
    assert [line["event"] for line in found if line["entry"] == str(number)] == ["PasswordChanged"]
    assert len([line for line in found if line["entry"]]) == 1
    assert lines(scene.client(scene.contact), "kind=PasswordChanged")[0]["entry"] == ""


def test_next_page_address_contains_no_entry_number(scene: Scene) -> None:
    """Entries of one and of several moments are on one page each, and the address counts the shown entries."""
    at = [NOW + timedelta(minutes=number // 70) for number in range(160)]
    with scene.app.app_context(), transaction():
        events: list[Event] = []
        for number, moment in enumerate(at):
            events.append(SettingsChanged(person_id=scene.officer, changed=(f"n{number}",), at=moment))
            events.append(ProtectionChanged(person_id=scene.officer, country="IQ", protected=True, at=moment))
        audit.write(events, identity_postings.countries)
    client = scene.client(scene.administrator)
    path, seen, read = "/audit?kind=SettingsChanged", [], []
    while path:
        page = client.get(path).text
        seen += re.findall(r"Changed: (n\d+)", page)
        onward = re.search(r'href="([^"]*before=\d+-(\d+))"', page)
        path = onward[1].replace("&amp;", "&") if onward else ""
        read += [int(onward[2])] if onward else []
    assert seen == [f"n{number}" for number in reversed(range(160))]
    assert read == [30, 10, 60]


@pytest.mark.each_database
def test_alias_change_does_not_reveal_protected_officer(scene: Scene) -> None:
    """An alias may be changed without an entry, or with an entry that names the actor."""
    with scene.app.app_context():
        with transaction():
            assert aliases.change(scene.officer, "Blue Heron", NOW) is None
        with transaction():
            postings.protect(scene.colleague, protected=True, titles=(), today=NOW.date())
    client = scene.client(scene.administrator)
    found = [{line["event"] for line in lines(client, f"about={one}")} for one in (scene.officer, scene.colleague)]
    assert found[0] == found[1]
    assert rows(client, "kind=AliasChanged") == []
    assert len(rows(scene.client(scene.contact), "kind=AliasChanged")) == 1  # of the own country
