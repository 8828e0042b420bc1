"""Pages of the contact point: events, the form of the nominations, decline, results and substitutes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.policy import Role, Scope
from app.catalogue.domain.items import Level
from app.db.session import db, transaction
from app.workshops.domain.nominations import NominationReason, NominationState
from app.workshops.service import nominations
from tests.support import competence_site, factories
from tests.support.nominated_events import CLOSED, INTEREST, NominatedEvent, nominated_event, supervisor_of
from tests.support.plan_pages import words_of as text
from tests.support.settings import NOW
from tests.support.site_snapshots import kept
from tests.support.sql_statements import asked
from tests.support.workshop_pages import at

LATE = datetime.fromisoformat("2027-04-28T08:00:00+00:00")  # six days before the event
State = NominationState


@dataclass(frozen=True)
class Scene:
    app: Flask
    event: NominatedEvent
    officers: tuple[UUID, ...]  # Border officer 1 to 4 of Iraq
    foreigner: UUID

    @property
    def path(self) -> str:
        return f"/country/nominations/{self.event.workshop_id}"

    def client(self, country: str = "IQ") -> FlaskClient:
        return factories.sign_in(self.app, self.event.contact_points[country].id)

    def send(self, client: FlaskClient, people: Sequence[UUID], step: str = "", **fields: str) -> str:
        """Send the form as it is shown, with these officers ticked; return what the next page says."""
        before = re.search(r'name="before" value="([^"]*)"', client.get(self.path).text)
        assert before is not None
        data = {"officer": [str(person_id) for person_id in people], "before": before[1], **fields}
        data["csrf_token"] = factories.token(self.app, client)
        return client.post(self.path + step, data=data, follow_redirects=True).text

    def interest(self, *people: UUID) -> None:
        with self.app.app_context():
            for person_id in people:
                with transaction():
                    nominations.express_interest(self.event.workshop_id, person_id, INTEREST, NOW)
            db.session.remove()

    def states(self, *people: UUID) -> list[NominationState]:
        with self.app.app_context():
            return self.event.states(people)

    def ranks(self, *people: UUID) -> list[int | None]:
        with self.app.app_context():
            return [self.event.row(person_id).rank for person_id in people]


@pytest.fixture
@kept
def scene(app: Flask) -> Scene:
    with app.app_context():
        competence_site.make()
        event = nominated_event(outcomes=(("VIC-02", Level.FOUNDATION),))
        officers = tuple(factories.person(country="IQ", alias=f"Border officer {n}") for n in range(1, 5))
        foreigner = factories.person(country="BG", alias="Secret elsewhere")
        db.session.remove()
    return Scene(app, event, officers, foreigner)


def _aliases(page: str) -> list[str]:
    """Return the aliases of the rows of the form in their order."""
    return re.findall(r'name="officer".*?<bdi>([^<]*)</bdi>', page, re.DOTALL)


def _ticked(page: str) -> list[str]:
    return re.findall(r'name="officer"\s+value="([^"]*)"\s+checked', page)


def test_list_shows_events_with_days_left_seats_and_what_is_to_do(scene: Scene) -> None:
    scene.interest(scene.officers[0])
    page = text(scene.client().get("/country/nominations").text)
    assert "Until 20 March 2027, 19 days left" in page
    assert "1 seat of your country, 1 shared seat" in page
    assert "No officer is nominated yet. 1 officer asks." in page
    at(CLOSED)
    page = text(scene.client().get("/country/nominations").text)
    assert "No event takes nominations now" in page
    assert "Selection follows" in page


def test_form_lists_those_who_ask_then_those_who_fit_best(scene: Scene) -> None:
    with scene.app.app_context():
        factories.person(country="IQ", alias="Analyst 1", roles=("analyst",))
        competence_site.verify(scene.officers[1], "VIC-02", Level.PRACTITIONER)
        db.session.remove()
    scene.interest(scene.officers[3])
    page = scene.client().get(scene.path).text
    aliases = _aliases(page)
    assert aliases[0] == "Border officer 4"
    assert aliases.index("Border officer 3") < aliases.index("Border officer 2")  # holds it already
    assert "Analyst 1" not in aliases
    assert "Secret elsewhere" not in page
    assert "Wants to: train my shift" in text(page)


def test_officers_are_nominated_in_the_order_of_their_ranks(scene: Scene) -> None:
    first, second, third, _fourth = scene.officers
    client = scene.client()
    sent = {f"rank-{third}": "1", f"reason-{third}": "passes_it_on", f"text-{third}": "Trains the shift"}
    page = scene.send(client, [first, second, third], **sent)
    assert "3 officers are ranked" in text(page)
    assert scene.ranks(third, first, second) == [1, 2, 3]
    assert scene.states(first) == [State.NOMINATED]  # has no supervisor: the contact point endorses
    assert _ticked(page) == [str(third), str(first), str(second)]
    with scene.app.app_context():
        row = scene.event.row(third)
        assert (row.nomination_reason, row.nomination_text) == (NominationReason.PASSES_IT_ON, "Trains the shift")


def test_officer_with_a_supervisor_waits_for_the_endorsement(scene: Scene) -> None:
    with scene.app.app_context():
        supervisor_of(scene.officers[0], "IQ")
    page = scene.send(scene.client(), scene.officers[:1])
    assert scene.states(scene.officers[0]) == [State.INTERESTED]
    assert "Supervisor is asked" in text(page)


def test_unticked_officer_is_taken_back(scene: Scene) -> None:
    client = scene.client()
    scene.send(client, scene.officers[:2])
    scene.send(client, scene.officers[1:2])
    assert scene.states(*scene.officers[:2]) == [State.ENDORSED, State.NOMINATED]
    assert scene.ranks(*scene.officers[:2]) == [None, 1]


def test_move_and_search_change_the_page_and_save_nothing(scene: Scene) -> None:
    first, second, *_others = scene.officers
    page = scene.send(scene.client(), [first, second], "/arrange", move=f"down:{first}", q="officer 4")
    assert _ticked(page) == [str(second), str(first)]
    assert _aliases(page) == ["Border officer 2", "Border officer 1", "Border officer 4"]
    assert "Your order" in page
    with scene.app.app_context():
        assert scene.event.row(first) is None


def test_address_fills_the_form_in_its_order(scene: Scene) -> None:
    first, second, *_others = scene.officers
    client = scene.client()
    page = client.get(scene.path, query_string={"officer": [str(second), str(first)]}).text
    assert _ticked(page) == [str(second), str(first)]
    assert client.get(scene.path, query_string={"officer": str(scene.foreigner)}).status_code == 404
    assert client.get(scene.path, query_string={"officer": "x"}).status_code == 404


def test_officer_of_another_country_cannot_be_nominated(scene: Scene) -> None:
    client = scene.client()
    data = {"officer": str(scene.foreigner), "before": "", "csrf_token": factories.token(scene.app, client)}
    assert client.post(scene.path, data=data).status_code == 404


def test_change_of_a_colleague_is_noticed(scene: Scene) -> None:
    client = scene.client()
    scene.send(client, scene.officers[:1])
    data = {"officer": str(scene.officers[1]), "before": "", "csrf_token": factories.token(scene.app, client)}
    response = client.post(scene.path, data=data)
    assert response.status_code == 422
    assert "The nominations were changed meanwhile." in text(response.text)
    assert scene.states(scene.officers[0]) == [State.NOMINATED]


def test_empty_form_is_refused(scene: Scene) -> None:
    client = scene.client()
    data = {"before": "", "csrf_token": factories.token(scene.app, client)}
    response = client.post(scene.path, data=data)
    assert response.status_code == 422
    assert "Tick at least one officer." in text(response.text)


def test_asking_officer_is_declined_with_a_reason(scene: Scene) -> None:
    officer = scene.officers[0]
    scene.interest(officer)
    client = scene.client()
    link = re.search(r'href="([^"]*/decline)"', client.get(scene.path).text)
    assert link is not None
    assert client.get(link[1]).status_code == 200
    data = {"csrf_token": factories.token(scene.app, client)}
    assert client.post(link[1], data=data).status_code == 422
    page = client.post(link[1], data=data | {"reason": "Goes next year"}, follow_redirects=True).text
    assert scene.states(officer) == [State.DECLINED]
    assert "Goes next year" in page


def test_results_show_states_of_own_nominees_alone(scene: Scene) -> None:
    with scene.app.app_context():
        scene.event.nominate("IQ", scene.officers[:3])
        scene.event.nominate("BG", [scene.foreigner])
        scene.event.select()
    at(CLOSED)
    page = scene.client().get(scene.path).text
    assert "Secret elsewhere" not in page
    shown = text(page)
    assert "Seat of the country" in shown
    assert "Next: the officer, until" in shown
    assert "On the waiting list, place 1" in shown


def test_person_with_an_offer_is_replaced_by_an_officer_who_fits(scene: Scene) -> None:
    first, second, _third, fourth = scene.officers
    with scene.app.app_context():
        scene.event.nominate("IQ", [first, second])
        scene.event.select()
    at(CLOSED)
    client = scene.client()
    link = re.search(r'href="([^"]*/substitute)"', client.get(scene.path).text)
    assert link is not None
    page = client.get(link[1]).text
    assert "Border officer 4" in page
    assert "Secret elsewhere" not in page
    data = {"csrf_token": factories.token(scene.app, client), "reason": "need_of_country", "counted": "not_said"}
    assert client.post(link[1], data=data | {"officer": str(scene.foreigner)}).status_code == 422
    client.post(link[1], data=data | {"officer": str(fourth)})
    assert scene.states(first, fourth) == [State.REPLACED, State.OFFERED]


def _pages_around_substitution(scene: Scene) -> tuple[str, str]:
    """Let the third officer take the first seat after the selection; return the page's text before and after it."""
    at(CLOSED)
    client = scene.client()
    before = text(client.get(scene.path).text)
    link = re.search(r'href="([^"]*/substitute)"', client.get(scene.path).text)
    assert link is not None
    data = {"csrf_token": factories.token(scene.app, client), "reason": "need_of_country", "counted": "not_said"}
    client.post(link[1], data=data | {"officer": str(scene.officers[2])})
    after = text(client.get(scene.path).text)
    return before, after


def test_substitute_from_the_waiting_list_has_no_place_in_it(scene: Scene) -> None:
    with scene.app.app_context():
        scene.event.nominate("IQ", scene.officers[:3])
        scene.event.nominate("BG", [scene.foreigner])
        scene.event.select()
    before, after = _pages_around_substitution(scene)
    assert ["On the waiting list" in page for page in (before, after)] == [True, False]
    assert "Substitute" in after


def test_place_on_the_waiting_list_moves_up_when_another_nominee_leaves_it(scene: Scene) -> None:
    with scene.app.app_context():
        scene.event.nominate("IQ", scene.officers)
        scene.event.nominate("BG", [scene.foreigner])
        scene.event.select()
    before, after = _pages_around_substitution(scene)
    assert re.findall(r"waiting list, place (\d)", before) == ["1", "2"]
    assert re.findall(r"waiting list, place (\d)", after) == ["1"]


def test_nobody_is_replaced_in_the_last_week(scene: Scene) -> None:
    with scene.app.app_context():
        scene.event.nominate("IQ", scene.officers[:1])
        scene.event.select()
        nomination_id = scene.event.row(scene.officers[0]).id
        scene.event.confirm(scene.officers[0])
    at(LATE)
    client = scene.client()
    assert "/substitute" not in client.get(scene.path).text
    page = client.get(f"{scene.path}/{nomination_id}/substitute", follow_redirects=True).text
    assert "This officer can no longer be replaced." in text(page)


def test_nomination_of_another_country_is_not_found(scene: Scene) -> None:
    with scene.app.app_context():
        scene.event.nominate("BG", [scene.foreigner])
        nomination_id = scene.event.row(scene.foreigner).id
    client = scene.client()
    for page in ("decline", "substitute"):
        assert client.get(f"{scene.path}/{nomination_id}/{page}").status_code == 404


def test_event_of_other_countries_is_not_found(scene: Scene) -> None:
    with scene.app.app_context():
        person_id = factories.person(country="FR", roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "FR"),))
    client = factories.sign_in(scene.app, person_id)
    assert client.get(scene.path).status_code == 404
    assert "WS-" not in text(client.get("/country/nominations").text)


def test_statements_do_not_grow_with_the_officers(scene: Scene) -> None:
    client = scene.client()
    scene.send(client, scene.officers[:1])
    scene.interest(scene.officers[1])
    few = {path: asked(scene.app, client, path) for path in (scene.path, "/country/nominations", "/country")}
    with scene.app.app_context(), transaction():
        more = [factories.person(country="IQ") for _ in range(30)]
    scene.interest(*more[:5])
    scene.send(client, [*scene.officers[:1], *more[5:10]])
    with scene.app.app_context():
        nominated_event(outcomes=(("VIC-02", Level.FOUNDATION),))
    assert {path: asked(scene.app, client, path) for path in few} == few
