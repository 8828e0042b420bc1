"""Pages of completion: coordinators see counts and no alias, contact points and supervisors their officers."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.policy import Actor, Role, Scope
from app.audit.models import Entry
from app.coordination.queries import completion as queries
from app.db.session import db, transaction
from app.directory.service import postings
from app.kernel import clock
from app.learning.service import lesson_progress
from app.ports import ports
from app.rights.service import supervision
from tests.support import completion_site, factories
from tests.support.plan_pages import row_of, table, text, words_of
from tests.support.site_snapshots import kept
from tests.support.sql_statements import counted

PAGE = "/plan/completion"


@dataclass(frozen=True)
class Scene:
    app: Flask
    code: str
    coordinator: UUID
    contact: UUID
    supervisor: UUID
    officers: tuple[UUID, ...]  # of FR; the supervisor supervises the first

    def client(self, person_id: UUID) -> FlaskClient:
        return factories.sign_in(self.app, person_id)


@pytest.fixture
@kept
def scene(app: Flask) -> Scene:
    with app.app_context():
        site = completion_site.make()
        completion_site.require(site)
        officers = tuple(factories.person(country="FR", alias=f"Secret {n}") for n in range(3))
        factories.person(country="DE", alias="Secret elsewhere")
        contact, supervisor = _staff(Role.CONTACT_POINT), _staff(Role.SUPERVISOR)
        with transaction():
            supervision.assign(officers[0], supervisor, clock.today())
        with transaction():
            lesson_progress.begin(officers[1], site.outline, clock.now())
        db.session.remove()
    return Scene(app, site.outline.code, site.first.id, contact, supervisor, officers)


def _staff(role: Role) -> UUID:
    return factories.person(country="FR", roles=(), grants=((role, Scope.COUNTRY, "FR"),))


def _later(days: int) -> None:
    ahead = clock.now() - clock.real_now() + timedelta(days=days)
    clock.move(lambda: ahead)


def _entries(scene: Scene, name: str) -> list[str]:
    with scene.app.app_context():
        return list(db.session.scalars(select(Entry.facts).where(Entry.name == name).order_by(Entry.id)))


def test_coordinator_reads_counts_by_country(scene: Scene) -> None:
    page = text(scene.client(scene.coordinator), PAGE)
    assert "0 of 3 0 0" in words_of(row_of(page, "France"))
    assert "For organising training. Under five: do not pass on." in page


def test_row_links_to_the_late_work_of_its_course(scene: Scene) -> None:
    _later(60)
    client = scene.client(scene.coordinator)
    page = text(client, f"{PAGE}?by=both")
    hrefs = [href.replace("&amp;", "&") for href in re.findall(r'href="(/plan/late[^"]*course=[^"]*)"', page)]
    assert hrefs
    for href in hrefs:
        assert f"course={scene.code}" in href
        late = words_of(text(client, href))
        assert "overdue since" in late
        assert scene.code in late


@pytest.mark.parametrize(
    "query", ["", "?by=course", "?by=role", "?by=both", "?show=share", "?show=late", "?country=FR&role=first_responder"]
)
def test_coordinator_finds_no_alias_in_pages_and_files(scene: Scene, query: str) -> None:
    client = scene.client(scene.coordinator)
    joined = f"{query}&" if query else "?"
    for path in (f"{PAGE}{query}", f"{PAGE}.csv{joined}reason=meeting", f"{PAGE}/published.csv{query}"):
        assert "Secret" not in text(client, path), path


@pytest.mark.parametrize(
    "query",
    ["country=ZZ", "role=pilot", "by=person", "show=names", "source=all!", "course=X99", "on=2999-01-01", "on=1"],
)
def test_unknown_filter_is_refused_with_the_cure(scene: Scene, query: str) -> None:
    for path in (PAGE, f"{PAGE}/published.csv"):
        assert "Choose from the lists on the page." in text(scene.client(scene.coordinator), f"{path}?{query}", 400)


def test_view_of_few_leaves_one_entry_a_day_and_filter(scene: Scene) -> None:
    client = scene.client(scene.coordinator)
    for query in ("", "", "?country=FR", "?country=FR"):
        text(client, PAGE + query)
    assert _viewed(scene, "FR") == 2
    text(scene.client(_coordinator(scene)), PAGE)
    assert _viewed(scene, "FR") == 3
    _later(1)
    text(scene.client(scene.coordinator), PAGE)
    assert _viewed(scene, "FR") == 4


def _viewed(scene: Scene, country: str) -> int:
    """Return how many views of small numbers of a country are recorded."""
    return sum(f'"country":"{country}"' in facts for facts in _entries(scene, "CompletionViewed"))


def test_contact_point_sees_views_of_all_countries_with_own_small_numbers(scene: Scene) -> None:
    text(scene.client(scene.coordinator), PAGE)
    assert _viewed(scene, "FR") == 1
    assert "Completion viewed, with numbers under five" in text(scene.client(scene.contact), "/audit")


def test_view_of_a_sum_names_no_country(scene: Scene) -> None:
    text(scene.client(scene.coordinator), f"{PAGE}?by=course")
    assert (_viewed(scene, "FR"), _viewed(scene, "")) == (0, 1)


def _coordinator(scene: Scene) -> UUID:
    with scene.app.app_context():
        return completion_site.coordinator().id


def test_number_of_a_past_day_is_one_to_four(scene: Scene) -> None:
    past = clock.today()
    _later(1 if (past + timedelta(1)).day != 1 else 2)
    day = past if (past + timedelta(1)).day != 1 else past + timedelta(1)
    page = text(scene.client(scene.coordinator), f"{PAGE}?on={day}")
    assert "0 of 1 to 4" in words_of(row_of(page, "France"))
    assert not _entries(scene, "CompletionViewed")


def test_officer_under_threat_is_in_no_count_of_coordinators(scene: Scene) -> None:
    with scene.app.app_context(), transaction():
        postings.protect(scene.officers[0], protected=True, titles=(), today=clock.today())
    assert "0 of 2" in words_of(row_of(text(scene.client(scene.coordinator), PAGE), "France"))
    for person_id, path in ((scene.contact, "/country/completion"), (scene.supervisor, "/supervision/completion")):
        assert str(scene.officers[0]) in text(scene.client(person_id), path)


def test_working_copy_needs_a_reason_and_names_its_maker(scene: Scene) -> None:
    client = scene.client(scene.coordinator)
    for query in ("", "?reason=", "?reason=curiosity"):
        assert "Choose what the working copy is for." in text(client, f"{PAGE}.csv{query}", 400)
    rows = table(client, f"{PAGE}.csv?reason=meeting&country=FR")
    assert rows[1][0] == "France"
    assert rows[1][3:5] == ["3", "0"]
    assert rows[-1][0].startswith("Working copy. Not for passing on.")
    [facts] = _entries(scene, "CompletionExported")
    assert '"reason":"meeting"' in facts
    assert "country=FR" in facts


def test_sheet_has_numbers_and_definitions(scene: Scene) -> None:
    client = scene.client(scene.coordinator)
    with client.get(f"{PAGE}.xlsx?reason=planning") as answer, zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        names = book.read("xl/workbook.xml").decode()
        first, second = (book.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2))
    assert '"Completion"' in names
    assert '"Definitions"' in names
    assert "<v>3</v>" in first
    assert "Working copy. Not for passing on." in first
    assert "Stalled" in second
    assert "Working copy. Not for passing on." in second


def test_published_file_hides_small_groups(scene: Scene) -> None:
    _later(100)  # past the end of a quarter
    rows = table(scene.client(scene.coordinator), f"{PAGE}/published.csv")
    assert [row[3] for row in rows[1:]] == ["Not shown"] * (len(rows) - 1)
    assert len(rows) > 3


def test_contact_point_reads_officers_with_their_states(scene: Scene) -> None:
    page = text(scene.client(scene.contact), "/country/completion")
    assert "Secret elsewhere" not in page
    begun = words_of(row_of(page, "Secret 1"))
    assert "In progress" in begun
    assert "0 of 3 lessons" in begun
    assert "Required" in begun
    assert "Not started" in words_of(row_of(page, "Secret 0"))
    assert f"/people/{scene.officers[0]}/learning" in page


@pytest.mark.parametrize(
    ("query", "aliases"),
    [
        ("state=in_progress", {"Secret 1"}),
        ("state=not_started", {"Secret 0", "Secret 2"}),
        ("state=overdue", set()),
        ("role=first_responder", {"Secret 0", "Secret 1", "Secret 2"}),
    ],
)
def test_officers_are_filtered_by_state_and_role(scene: Scene, query: str, aliases: set[str]) -> None:
    page = text(scene.client(scene.contact), f"/country/completion?{query}")
    assert {f"Secret {n}" for n in range(3) if f"Secret {n}<" in page} == aliases


@pytest.mark.parametrize("query", ["state=lazy", "role=pilot", "course=X99"])
def test_unknown_filter_of_officers_is_refused(scene: Scene, query: str) -> None:
    for person_id, path in ((scene.contact, "/country/completion"), (scene.supervisor, "/supervision/completion")):
        assert "Choose from the lists on the page." in text(scene.client(person_id), f"{path}?{query}", 400)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_file_of_officers_is_sent_and_recorded(scene: Scene, form: str) -> None:
    with scene.client(scene.contact).get(f"/country/completion.{form}?state=in_progress") as answer:
        assert answer.status_code == 200
        assert answer.get_data()
    assert len(_entries(scene, "MatrixExported")) == 1


def test_file_has_a_row_for_each_officer_and_course(scene: Scene) -> None:
    rows = table(scene.client(scene.contact), "/country/completion.csv")
    assert [row[0] for row in rows] == ["Officer", "Secret 0", "Secret 1", "Secret 2"]
    assert rows[2][3:5] == [scene.code, "In progress"]
    assert rows[2][8:] == ["0", "3", "Required"]
    own = table(scene.client(scene.supervisor), "/supervision/completion.csv")
    assert [row[0] for row in own] == ["Officer", "Secret 0"]


def test_file_of_many_officers_needs_another_person(scene: Scene) -> None:
    with scene.app.app_context(), transaction():
        ports().export_limit(Actor(scene.contact, "FR", frozenset({Role.CONTACT_POINT})), 98, clock.real_now())
    assert "need a second person" in text(scene.client(scene.contact), "/country/completion.csv", 409)
    assert not _entries(scene, "MatrixExported")


def test_files_of_officers_are_for_their_readers_only(scene: Scene) -> None:
    for reader, path in (
        (scene.coordinator, "/country/completion.csv"),
        (scene.supervisor, "/country/completion.csv"),
        (scene.contact, "/supervision/completion.xlsx"),
    ):
        assert scene.client(reader).get(path).status_code == 403


def test_supervisor_reads_assigned_officers_only(scene: Scene) -> None:
    page = text(scene.client(scene.supervisor), "/supervision/completion")
    assert "Secret 0" in page
    assert "Secret 1" not in page
    assert len(_entries(scene, "SupervisedSeen")) == 1


@pytest.mark.parametrize(
    ("reader", "path"),
    [("coordinator", PAGE), ("contact", "/country/completion"), ("coordinator", f"{PAGE}?by=both")],
)
def test_page_takes_as_many_queries_for_more_officers(scene: Scene, reader: str, path: str) -> None:
    client = scene.client(getattr(scene, reader))
    text(client, path)
    few = _asked(scene, lambda: text(client, path))
    with scene.app.app_context():
        for country in ("FR", "FR", "IQ"):
            factories.person(country=country)
    assert len(_asked(scene, lambda: text(client, path))) == len(few)


def test_matrix_is_read_in_one_statement(scene: Scene) -> None:
    client = scene.client(scene.coordinator)
    text(client, PAGE)
    asked = _asked(scene, lambda: text(client, PAGE))
    assert sum("completion_month" in statement for statement in asked) == 1


def _asked(scene: Scene, work: Callable[[], object]) -> list[str]:
    with counted(scene.app) as statements:
        work()
    return list(statements)


def test_country_without_consent_is_not_in_the_sum(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "countries_with_exact_counts", lambda: frozenset({"DE"}))
    page = text(scene.client(scene.coordinator), PAGE)
    assert "0 of 1 to 4" in words_of(row_of(page, "France"))
    assert "Without exact numbers, and not in the sums:" in page
    assert "0 of 1 completed" in page
