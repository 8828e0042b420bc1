"""Completions elsewhere by sheet: they count for requirements only, of the own country only, and can be undone."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.catalogue.queries import versions
from app.competence.models import Evidence
from app.db import blind_index
from app.db.session import db, transaction
from app.identity.models import Identity, Person
from app.kernel import clock
from app.learning.domain.completion import CompletionCounts, CompletionState
from app.learning.domain.requirements import NewRequirement
from app.learning.models.completion import RecordedCompletion
from app.learning.queries import completion, consistency_checks
from app.learning.queries.completion import CellAxis
from app.learning.service import assignments, requirements
from app.plan.models import Contribution
from tests.support import completion_site, courses, factories, sites, value_sheets as sheets
from tests.support.sites import Site

PATH = "/country/completion/past"
DONE = "2027-01-15"


@pytest.fixture
def course_id(site: Site) -> UUID:
    """Require the course of the site, agreed by two coordinators."""
    with site.app.app_context():
        required = versions.course_record(courses.SLUG).id
        first, second = completion_site.coordinator(), completion_site.coordinator()
        new = NewRequirement(starts=clock.today(), due_days=30)
        with transaction():
            requirement_id = requirements.draft(required, new, by=first, now=clock.now())
        with transaction():
            requirements.agree(requirement_id, by=second, now=clock.now())
        db.session.remove()
    return required


def alias(site: Site, user: str) -> str:
    with site.app.app_context():
        return str(db.session.scalar(select(Person.alias).where(Person.id == site.people[user])))


def sheet(site: Site, *rows: dict[str, object]) -> bytes:
    """Download the sheet and fill its free rows."""
    raw = sheets.download(site.client("contact_point"), f"{PATH}/sheet.xlsx")
    first = sum(1 for row in sheets.rows(raw) if row["officer"])
    return sheets.filled(
        raw, {(first + index, name): value for index, row in enumerate(rows) for name, value in row.items()}
    )


def entry(site: Site, user: str = "colleague", **values: object) -> dict[str, object]:
    return {"officer": alias(site, user), "course": courses.CODE, "value": DONE, "proof": "Certificate"} | values


def page_of(site: Site, raw: bytes) -> str:
    client = site.client("contact_point")
    return sheets.shown(client, sheets.checked(site.app, client, PATH, raw))


def written(site: Site, raw: bytes) -> str:
    client = site.client("contact_point")
    answer = sheets.write(site.app, client, sheets.checked(site.app, client, PATH, raw), b"")
    assert answer.status_code == 302, answer.status_code
    return answer.headers["Location"]


def records(site: Site) -> list[tuple[UUID, date, date | None]]:
    with site.app.app_context():
        row = RecordedCompletion
        query = select(row.person_id, row.completed_on, row.ended_on).order_by(row.recorded_at, row.ended_on)
        return [tuple(line) for line in db.session.execute(query)]


def cell(site: Site, course_id: UUID, day: date) -> CompletionCounts:
    with site.app.app_context():
        cells = completion.cells(day, by=[CellAxis.COUNTRY], courses=[course_id], countries=["IQ"])
        return cells[0].counts if cells else CompletionCounts()


def faults(site: Site) -> list[str]:
    with site.app.app_context():
        return list(consistency_checks.faults(clock.today()))


@pytest.mark.each_database
def test_recorded_completion_counts_for_the_requirement(site: Site, course_id: UUID) -> None:
    today = clock.today()
    before = cell(site, course_id, today)
    address = written(site, sheet(site, entry(site)))
    counts = cell(site, course_id, today)
    assert (counts.assigned, counts.completed, counts.recorded) == (before.assigned, before.completed + 1, 1)
    assert counts.assigned == counts.exempt + counts.not_started + counts.in_progress + counts.completed
    with site.app.app_context():
        state = completion.course_states(site.people["colleague"], today)[course_id]
        assert (state.state, state.recorded) == (CompletionState.COMPLETED_ON_TIME, True)
        assert state.completed_on == date.fromisoformat(DONE)
    assert faults(site) == []
    client = site.client("contact_point")
    assert sites.post(site.app, client, f"{address}/undo").status_code == 302
    assert cell(site, course_id, today) == before
    assert faults(site) == []


def test_record_changes_no_past_day_and_survives_a_rebuild(site: Site, course_id: UUID) -> None:
    ahead = clock.now() - clock.real_now() + timedelta(days=5)
    clock.move(lambda: ahead)
    past = [clock.today() - timedelta(days=number) for number in (1, 3)]
    before = [cell(site, course_id, day) for day in past]
    written(site, sheet(site, entry(site)))
    days = (*past, clock.today(), clock.today() + timedelta(days=60))
    stored = [cell(site, course_id, day) for day in days]
    assert stored[:2] == before
    with site.app.app_context():
        with transaction():
            assignments.rebuild(list(db.session.scalars(select(Person.id))), clock.today())
        with transaction():
            assignments.rebuild_rollups()
    rebuilt = [cell(site, course_id, day) for day in (*past, clock.today(), clock.today() + timedelta(days=60))]
    assert rebuilt == stored
    assert faults(site) == []


@pytest.mark.usefixtures("course_id")
def test_record_is_no_evidence_and_in_no_figure(site: Site) -> None:
    def counted() -> list[object]:
        with site.app.app_context():
            figures = db.session.execute(select(Contribution.code, Contribution.thing, Contribution.since)).all()
            return [db.session.scalar(select(func.count()).select_from(Evidence)), sorted(map(tuple, figures))]

    before = counted()
    written(site, sheet(site, entry(site)))
    assert counted() == before
    with site.app.app_context():
        names = set(db.session.scalars(select(Entry.name)))
    assert {"CompletionRecorded", "ValueSheetWritten", "ValueSheetExported"} <= names


def test_record_without_a_requirement_counts_nowhere(site: Site) -> None:
    written(site, sheet(site, entry(site)))
    with site.app.app_context():
        assert completion.course_states(site.people["colleague"], clock.today()) == {}
    assert faults(site) == []


def test_untouched_download_of_records_changes_nothing(site: Site) -> None:
    written(site, sheet(site, entry(site, note="Course of 2026")))
    raw = sheets.download(site.client("contact_point"), f"{PATH}/sheet.xlsx")
    row = sheets.rows(raw)[0]
    assert (row["officer"], row["was"], row["value"], row["note"]) == (
        alias(site, "colleague"),
        DONE,
        DONE,
        "Course of 2026",
    )
    assert "Nothing in this sheet is new" in page_of(site, raw)


def test_changed_day_ends_the_old_record_and_undo_restores_it(site: Site) -> None:
    written(site, sheet(site, entry(site)))
    raw = sheets.download(site.client("contact_point"), f"{PATH}/sheet.xlsx")
    changed = sheets.filled(raw, {(0, "value"): date(2026, 12, 1)})
    assert "2027-01-15 2026-12-01 Changed" in page_of(site, changed)
    address = written(site, changed)
    valid = [line[1] for line in records(site) if line[2] is None]
    assert valid == [date(2026, 12, 1)]
    sites.post(site.app, site.client("contact_point"), f"{address}/undo")
    assert [line[1] for line in records(site) if line[2] is None] == [date.fromisoformat(DONE)]


def test_officer_is_found_by_service_number(site: Site) -> None:
    with site.app.app_context():
        identity = db.session.get(Identity, site.people["colleague"])
        assert identity is not None
        number = "BP-00417"
        identity.service_number, identity.service_index = number, blind_index.index("service", number)
        db.session.commit()
    written(site, sheet(site, entry(site, officer=number)))
    assert [line[0] for line in records(site)] == [site.people["colleague"]]


def test_officer_of_another_country_looks_unknown(site: Site) -> None:
    page = page_of(
        site,
        sheet(site, entry(site, "foreigner"), entry(site, officer="Border officer 99999"), entry(site, course="M99")),
    )
    assert page.count("No officer of your country has this alias or service number") == 3
    assert records(site) == []


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"value": "2030-01-01"}, "The day of a completion cannot be in the future."),
        ({"value": "1999-12-31"}, "Enter a day from the year 2000 on."),
        ({"value": "last spring"}, "This is not a day. Enter year, month and day"),
        ({"proof": "Word of mouth"}, "Choose a proof from the list."),
        ({"proof": None}, "The cell is empty. Fill it in."),
        ({"note": "n" * 201}, "This text is too long."),
        ({"value": "=TODAY()"}, "This cell contains a formula."),
    ],
)
def test_wrong_record_is_listed_with_a_cure(site: Site, values: dict[str, object], message: str) -> None:
    assert message in page_of(site, sheet(site, entry(site, **values)))


@pytest.mark.usefixtures("course_id")
def test_pages_show_the_number_of_records(site: Site) -> None:
    written(site, sheet(site, entry(site)))
    own = sheets.shown(site.client("contact_point"), "/country/completion")
    assert "+ 1 recorded completion." in own
    assert "Recorded, completed on 15 January 2027" in own
    assert "Record past completions from a sheet" in own
    table = sheets.shown(site.client("coordinator"), "/plan/completion?by=course&show=counts")
    assert "+ 1 recorded" in table
    assert alias(site, "colleague") not in table


def test_coordinators_and_supervisors_cannot_record(site: Site, app: Flask) -> None:
    with app.app_context():
        supervisor = factories.person(country="IQ", roles=(), grants=((Role.SUPERVISOR, Scope.COUNTRY, "IQ"),))
        db.session.commit()
    for client in (site.client("coordinator"), factories.sign_in(app, supervisor)):
        assert client.get(PATH).status_code in {403, 404}
        assert sheets.send(app, client, PATH, b"").status_code in {403, 404}
