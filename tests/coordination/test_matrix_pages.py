"""Pages of the matrix: own officers with courses and competencies, filters, suggestions to several, files."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from app.access.policy import Actor, Role, Scope
from app.audit.models import Entry
from app.catalogue.domain.items import Level
from app.catalogue.shapes import Outline
from app.competence.models import CompetencyValidity
from app.competence.service import needs
from app.db.session import db, transaction
from app.identity.models import Posting
from app.identity.queries import person_details
from app.kernel import clock
from app.learning.domain import SuggestionState
from app.learning.models import CourseSuggestion
from app.learning.models.completion import Assignment
from app.learning.service import lesson_progress, suggestions
from app.ports import ports
from app.rights.service import supervision
from tests.support import competence_site, completion_site, factories
from tests.support.plan_pages import row_of, table, text, words_of
from tests.support.site_snapshots import kept
from tests.support.sql_statements import counted

PAGE, TEAM = "/country/matrix", "/supervision/matrix"
BULK = "/country/matrix/suggestions"


@dataclass(frozen=True)
class Scene:
    app: Flask
    outline: Outline
    contact: UUID
    supervisor: UUID
    officers: tuple[UUID, ...]  # Border officer 2, 11 and 3 of FR; the supervisor supervises the first
    foreigner: UUID

    def client(self, person_id: UUID | None = None) -> FlaskClient:
        return factories.sign_in(self.app, person_id or self.contact)

    @property
    def course(self) -> str:
        return str(self.outline.course_id)


@pytest.fixture
@kept
def scene(app: Flask) -> Scene:
    with app.app_context():
        site = completion_site.make()
        competence_site.make()
        completion_site.require(site)
        officers = tuple(factories.person(country="FR", alias=f"Border officer {n}") for n in (2, 11, 3))
        foreigner = factories.person(country="DE", alias="Secret elsewhere")
        contact, supervisor = _staff(Role.CONTACT_POINT), _staff(Role.SUPERVISOR)
        with transaction():
            supervision.assign(officers[0], supervisor, clock.today())
        with transaction():
            lesson_progress.begin(officers[1], site.outline, clock.now())
        db.session.remove()
    return Scene(app, site.outline, contact, supervisor, officers, foreigner)


def _staff(role: Role) -> UUID:
    return factories.person(country="FR", roles=(), grants=((role, Scope.COUNTRY, "FR"),))


def _later(days: int) -> None:
    ahead = clock.now() - clock.real_now() + timedelta(days=days)
    clock.move(lambda: ahead)


def _post(scene: Scene, client: FlaskClient, path: str, **fields: object) -> tuple[int, str]:
    answer = client.post(path, data={"csrf_token": factories.token(scene.app, client), **fields})
    return answer.status_code, answer.headers.get("Location", "") or answer.get_data(as_text=True)


def _ids(people: Collection[UUID]) -> list[str]:
    return [str(person_id) for person_id in people]


def _stored(scene: Scene) -> list[CourseSuggestion]:
    with scene.app.app_context():
        return list(db.session.scalars(select(CourseSuggestion).order_by(CourseSuggestion.person_id)))


def _entries(scene: Scene, name: str) -> int:
    with scene.app.app_context():
        return db.session.scalar(select(func.count()).where(Entry.name == name)) or 0


def _agency(person_id: UUID) -> UUID:
    return db.session.scalars(select(Posting.agency_id).where(Posting.person_id == person_id)).one()


def _verify(scene: Scene, person_id: UUID, days: int) -> None:
    """Let a named need of VIC-02 be verified for so many days more."""
    with scene.app.app_context():
        with transaction():
            needs.name_need(person_id, "VIC-02", Level.PRACTITIONER, by=scene.contact, now=clock.now())
        with transaction():
            db.session.add(
                CompetencyValidity(
                    person_id=person_id,
                    competency="VIC-02",
                    level=Level.PRACTITIONER,
                    since=clock.today(),
                    until=clock.today() + timedelta(days=days),
                    country="FR",
                    agency_id=_agency(person_id),
                    role="first_responder",
                )
            )


def test_officers_are_listed_by_number_with_states_and_next_date(scene: Scene) -> None:
    _later(31)
    page = text(scene.client(), PAGE)
    places = [page.index(f"Border officer {n}<") for n in (2, 3, 11)]
    assert places == sorted(places)
    assert "1 day late Not started" in words_of(row_of(page, "Border officer 2"))
    assert "1 day late Lesson 1 of 3" in words_of(row_of(page, "Border officer 11"))
    assert "Secret elsewhere" not in page


def test_competencies_show_states_with_words_and_dates(scene: Scene) -> None:
    _verify(scene, scene.officers[0], 90)
    _verify(scene, scene.officers[2], -1)
    page = text(scene.client(), f"{PAGE}?show=competencies")
    assert "Verified Until" in words_of(row_of(page, "Border officer 2"))
    assert "Lapsed Until" in words_of(row_of(page, "Border officer 3"))


@pytest.mark.parametrize("path", [PAGE, TEAM])
def test_names_are_shown_on_request_and_recorded(scene: Scene, path: str) -> None:
    name = _name(scene, scene.officers[0])
    client = scene.client(scene.contact if path == PAGE else scene.supervisor)
    assert name not in text(client, path)
    assert _entries(scene, "IdentitySeen") == 0
    page = text(client, f"{path}?names=shown")
    assert name in words_of(row_of(page, "Border officer 2"))
    assert _entries(scene, "IdentitySeen") == len(scene.officers if path == PAGE else scene.officers[:1])
    assert "matrix.csv?names" not in page
    assert name not in client.get(f"{path}.csv?names=shown").get_data(as_text=True)


def _name(scene: Scene, person_id: UUID) -> str:
    with scene.app.app_context():
        return person_details.name(person_id).name


@pytest.mark.each_database
@pytest.mark.parametrize(("days", "is_found"), [(27, True), (28, False), (-1, True)])
def test_needs_finds_officers_not_verified_for_28_days(scene: Scene, days: int, is_found: bool) -> None:
    _verify(scene, scene.officers[0], days)
    page = text(scene.client(), f"{PAGE}?needs=VIC-02&role=first_responder")
    assert ("Border officer 2<" in page) is is_found


def test_filters_narrow_by_state_role_and_agency(scene: Scene) -> None:
    client = scene.client()
    with scene.app.app_context(), transaction():
        own, other = _agency(scene.officers[0]), factories.agency("FR")
    columns = {
        query: [n for n in (2, 3, 11) if f"Border officer {n}<" in text(client, f"{PAGE}?{query}")]
        for query in ("state=in_progress", "state=not_started", "role=investigator", "role=first_responder")
    }
    by_agency = {
        agency_id: "Border officer 2<" in text(client, f"{PAGE}?agency={agency_id}") for agency_id in (own, other)
    }
    assert by_agency == {own: True, other: False}
    assert columns == {
        "state=in_progress": [11],
        "state=not_started": [2, 3],
        "role=investigator": [],
        "role=first_responder": [2, 3, 11],
    }


@pytest.mark.parametrize("query", ["needs=XXX-99", "role=pilot", "agency=none", "state=happy", "show=names"])
def test_unknown_filter_is_refused_with_the_cure(scene: Scene, query: str) -> None:
    assert "Choose from the lists on the page." in text(scene.client(), f"{PAGE}?{query}", 400)


@pytest.mark.parametrize(
    ("order", "expected"), [("alias", ["2", "3", "11"]), ("overdue", ["3", "11", "2"]), ("next_date", ["3", "11", "2"])]
)
def test_page_is_in_the_chosen_order(scene: Scene, order: str, expected: list[str]) -> None:
    with scene.app.app_context(), transaction():
        done = Assignment.person_id == scene.officers[0]
        db.session.execute(update(Assignment).where(done).values(completed_on=clock.today(), late=False))
    if order == "overdue":
        _later(60)
    page = text(scene.client(), f"{PAGE}?order={order}")
    assert re.findall(r"Border officer (\d+)</bdi></span></label>", re.sub(r"\s+<", "<", page)) == expected
    assert f'<option value="{order}" selected' in page


def test_supervisor_sees_assigned_officers_only(scene: Scene) -> None:
    client = scene.client(scene.supervisor)
    page = text(client, TEAM)
    assert "Border officer 2<" in page
    assert "Border officer 3<" not in page
    assert client.get(PAGE).status_code == 403
    assert scene.client().get(TEAM).status_code == 403
    assert _entries(scene, "SupervisedSeen") == 1


def test_confirmation_lists_who_is_left_out_with_the_reason(scene: Scene) -> None:
    client, first = scene.client(), scene.officers[0]
    _post(scene, client, BULK, officer=[str(first)], course=scene.course)
    status, page = _post(scene, client, f"{PAGE}/suggestion", who="found", course=scene.course, due_on="2999-01-01")
    assert status == 200
    assert "It is already suggested." in words_of(row_of(page, "Border officer 2"))
    assert "Suggest to 2 officers" in page
    assert str(first) not in page
    assert len(_stored(scene)) == 1


def test_selection_is_ticked_page_or_all_that_are_found(scene: Scene) -> None:
    client, path = scene.client(), f"{PAGE}/suggestion"
    ticked = _post(scene, client, path, who="ticked", officer=_ids(scene.officers[:1]))[1]
    assert "For 1 officer." in ticked
    assert "For 3 officers." in _post(scene, client, path, who="page")[1]
    assert "For 2 officers." in _post(scene, client, path, who="found", state="not_started")[1]
    assert _post(scene, client, path, who="ticked") == (302, PAGE)
    assert _post(scene, client, path, who="page", course="", due_on="")[0] == 422


def test_suggestion_reaches_officers_with_date_and_can_be_undone(scene: Scene) -> None:
    client = scene.client()
    fields = {"officer": _ids(scene.officers), "course": scene.course, "due_on": "2999-01-01", "reason": "Autumn"}
    status, path = _post(scene, client, BULK, **fields)
    assert status == 302
    assert {(suggestion.reason, str(suggestion.due_on), suggestion.suggested_as) for suggestion in _stored(scene)} == {
        ("Autumn", "2999-01-01", "contact_point")
    }
    assert "Suggested to 3 officers" in text(client, path)
    with scene.app.app_context(), transaction():
        answered = next(suggestion for suggestion in _stored(scene) if suggestion.person_id == scene.officers[0])
        suggestions.set_aside(answered.id, clock.now())
    assert "2 suggestions can be undone." in text(client, path)
    assert _post(scene, client, f"{path}/undo") == (302, PAGE)
    states = {suggestion.person_id: suggestion.state for suggestion in _stored(scene)}
    assert states == {
        scene.officers[0]: SuggestionState.SET_ASIDE,
        scene.officers[1]: SuggestionState.TAKEN_BACK,
        scene.officers[2]: SuggestionState.TAKEN_BACK,
    }


def test_officer_of_another_country_is_refused_and_nothing_written(scene: Scene) -> None:
    client = scene.client()
    for path in (BULK, f"{PAGE}/suggestion"):
        forged = {"officer": _ids([*scene.officers, scene.foreigner]), "course": scene.course}
        assert _post(scene, client, path, **forged)[0] == 404, path
        assert _post(scene, client, path, officer="no id", course=scene.course)[0] == 404, path
    assert _stored(scene) == []


def test_supervisor_suggests_to_assigned_officers_only(scene: Scene) -> None:
    client = scene.client(scene.supervisor)
    assert _post(scene, client, f"{TEAM}/suggestions", officer=_ids(scene.officers[:2]), course=scene.course)[0] == 404
    assert _post(scene, client, BULK, officer=_ids(scene.officers[:1]), course=scene.course)[0] == 403
    assert _stored(scene) == []
    status, path = _post(scene, client, f"{TEAM}/suggestions", officer=_ids(scene.officers[:1]), course=scene.course)
    assert (status, [suggestion.suggested_as for suggestion in _stored(scene)]) == (302, ["supervisor"])
    assert scene.client().get(path.replace(TEAM, PAGE)).status_code == 404
    assert _post(scene, scene.client(), f"{path.replace(TEAM, PAGE)}/undo")[0] == 404


def test_file_has_the_rows_of_the_filter_and_is_recorded(scene: Scene) -> None:
    rows = table(scene.client(), f"{PAGE}.csv?state=not_started")
    assert [row[0] for row in rows] == ["Officer", "Border officer 2", "Border officer 3"]
    assert rows[1][3:5] == ["Not started", (clock.today() + timedelta(days=30)).isoformat()]
    assert _entries(scene, "MatrixExported") == 1


def test_file_of_many_officers_needs_a_second_person(scene: Scene) -> None:
    with scene.app.app_context(), transaction():
        ports().export_limit(Actor(scene.contact, "FR", frozenset({Role.CONTACT_POINT})), 98, clock.real_now())
    assert "need a second person" in text(scene.client(), f"{PAGE}.csv", 409)
    assert _entries(scene, "MatrixExported") == 0


@pytest.mark.parametrize("query", ["", "?show=competencies", "?needs=VIC-02&state=not_started"])
def test_more_officers_need_no_more_statements(scene: Scene, query: str) -> None:
    client = scene.client()
    text(client, PAGE + query)
    with counted(scene.app) as few:
        text(client, PAGE + query)
    with scene.app.app_context():
        for number in range(20, 26):
            factories.person(country="FR", alias=f"Border officer {number}")
    with counted(scene.app) as many:
        assert "Border officer 25" in text(client, PAGE + query)
    assert len(many) == len(few)
