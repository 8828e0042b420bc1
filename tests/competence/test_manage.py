"""Pages of contact points and supervisors: officers and claims of their own country only."""

import re
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.catalogue.domain.items import Level
from app.catalogue.queries import courses as catalogue
from app.competence.domain.claims import ClaimState
from app.competence.queries import competencies, officers
from app.competence.queries.officers import OfficerFilter
from app.competence.service import claims, needs
from app.db.session import db, transaction
from app.kernel import clock
from app.rights.service import supervision
from tests.support import competence_site as scenes, factories, sites
from tests.support.competence_site import Scene
from tests.support.sql_statements import asked

FOUNDATION, PRACTITIONER = Level.FOUNDATION, Level.PRACTITIONER
OFFICERS, CLAIMS, OFFICER = 8, 6, 11  # statements; a view of officers is recorded in the access log


@pytest.fixture
def scene(app: Flask) -> Scene:
    with app.app_context():
        return scenes.make()


@pytest.fixture
def contact_point(app: Flask, scene: Scene) -> FlaskClient:
    return factories.sign_in(app, scene.contact_point)


def rows(client: FlaskClient, query: str = "") -> dict[str, str]:
    """Return the rows of the list, in order: what each says, by alias."""
    answer = client.get(f"/country/officers{query}")
    assert answer.status_code == 200, answer.status
    body = answer.text.partition("<tbody>")[2].partition("</tbody>")[0]
    found = {}
    for row in body.split("<tr>")[1:]:
        said = " ".join(re.sub(r"<[^>]+>", " ", row).split())
        found[re.findall(r"<bdi>([^<]*)</bdi>", row)[0]] = said
    return found


def claim(app: Flask, person_id: UUID, competency: str = "VIC-02") -> UUID:
    with app.app_context():
        with transaction():
            found = claims.claim_skill(person_id, competency, PRACTITIONER, clock.now())
        db.session.remove()
    return found


def assign(app: Flask, officer: UUID, supervisor: UUID) -> None:
    with app.app_context():
        with transaction():
            assert supervision.assign(officer, supervisor, clock.today()) is None
        db.session.remove()


def states(app: Flask, person_id: UUID) -> list[tuple[ClaimState, str]]:
    with app.app_context():
        return [(one.state, one.reason) for one in competencies.claims_of(person_id)]


def test_the_list_holds_the_officers_of_the_own_country_by_alias(contact_point: FlaskClient) -> None:
    assert list(rows(contact_point)) == ["Border guard 4", scenes.OFFICER]


@pytest.mark.each_database
def test_a_row_counts_what_is_verified_due_and_lapsed_of_what_is_needed(
    app: Flask, scene: Scene, contact_point: FlaskClient
) -> None:
    with app.app_context():
        scenes.verify(scene.officer, "VIC-01", PRACTITIONER, ago=3, right=11)
        scenes.verify(scene.officer, "VIC-02", PRACTITIONER, ago=80)
        scenes.verify(scene.officer, "VIC-03", PRACTITIONER, ago=300)
        scenes.verify(scene.officer, "COP-05", PRACTITIONER, ago=300)  # it is not required
    row = rows(contact_point)[scenes.OFFICER]
    assert "Investigator 2 of 12 1 1" in row
    assert row.endswith("Lapsed")
    assert "First responder 0 of 12 0 0 None Nothing verified yet" in rows(contact_point)["Border guard 4"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?role=investigator", [scenes.OFFICER]),
        ("?role=first_responder", ["Border guard 4"]),
        ("?state=lapsed", [scenes.OFFICER]),
        ("?state=due", ["Border guard 4"]),
        ("?role=investigator&state=due", []),
        ("?after=Border+guard+4", [scenes.OFFICER]),
    ],
)
def test_the_address_narrows_the_list(
    app: Flask, scene: Scene, contact_point: FlaskClient, query: str, found: list[str]
) -> None:
    with app.app_context():
        scenes.verify(scene.officer, "VIC-03", PRACTITIONER, ago=300)
        scenes.verify(scene.officer, "COP-05", PRACTITIONER, ago=80)  # due, and not required
        scenes.verify(scene.colleague, "LRE-01", FOUNDATION, ago=60)
    assert list(rows(contact_point, query)) == found


@pytest.mark.each_database
def test_a_need_by_name_is_looked_for_too(app: Flask, scene: Scene) -> None:
    with app.app_context():
        scenes.verify(scene.officer, "COP-05", PRACTITIONER, ago=300)
        with transaction():
            needs.name_need(scene.officer, "COP-05", PRACTITIONER, by=scene.contact_point, now=clock.now())
        framework = catalogue.competencies()
        assert framework is not None
        found = officers.officers("IQ", clock.today(), framework, role="", narrowed=OfficerFilter.LAPSED, after="")
        assert [one.person_id for one in found] == [scene.officer]


def test_invalid_filter_shows_all_officers_and_an_error(contact_point: FlaskClient) -> None:
    answer = contact_point.get("/country/officers?role=wizard&state=late")
    assert answer.status_code == 422
    assert scenes.OFFICER in answer.text


def test_a_long_list_goes_on_after_the_last_alias(app: Flask, contact_point: FlaskClient) -> None:
    with app.app_context(), transaction():
        for number in range(officers.PAGE + 1):
            factories.person(alias=f"Officer {number:03}")
    first = contact_point.get("/country/officers").text
    assert len(rows(contact_point)) == officers.PAGE
    onward = re.findall(r'href="([^"]*after=[^"]*)"', first)[0].replace("/country/officers", "")
    assert list(rows(contact_point, onward)) == ["Officer 048", "Officer 049", "Officer 050"]


def test_the_page_of_an_officer_shows_states_and_dates_alone(
    app: Flask, scene: Scene, contact_point: FlaskClient
) -> None:
    with app.app_context():
        scenes.verify(scene.officer, "VIC-02", PRACTITIONER, ago=3)
    page = contact_point.get(f"/country/officers/{scene.officer}").text
    assert "Verified until" in page
    assert "1 of 12 competencies verified" in page
    assert not re.search(r"\d+ %|pass mark|answers right|rubric|26 February", page)


def test_an_officer_is_asked_by_name_and_no_longer(app: Flask, scene: Scene, contact_point: FlaskClient) -> None:
    page = f"/country/officers/{scene.officer}"
    answer = sites.post(app, contact_point, f"{page}/needs", {"competency": "COP-03", "level": "practitioner"})
    assert (answer.status_code, answer.location) == (302, page)
    with app.app_context():
        [need] = [one for one in scenes.needs_of(scene.officer, ["investigator"]) if one.by_name]
    assert (need.competency, need.level) == ("COP-03", PRACTITIONER)
    assert f'action="{page}/needs/COP-03/drop"' in contact_point.get(page).text
    assert sites.post(app, contact_point, f"{page}/needs/COP-03/drop").status_code == 302
    with app.app_context():
        assert [one for one in scenes.needs_of(scene.officer, ["investigator"]) if one.by_name] == []


@pytest.mark.parametrize(
    ("competency", "level", "sentence"),
    [
        ("XYZ-99", "foundation", "Choose a competency from the list."),
        ("COP-03", "master", "Choose a level from the list."),
        ("", "", "Choose a competency from the list."),
    ],
)
def test_a_need_that_is_not_in_the_framework_is_refused_in_words(
    app: Flask, scene: Scene, contact_point: FlaskClient, competency: str, level: str, sentence: str
) -> None:
    fields = {"competency": competency, "level": level}
    answer = sites.post(app, contact_point, f"/country/officers/{scene.officer}/needs", fields)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_officer_of_another_country_returns_404(app: Flask, scene: Scene, contact_point: FlaskClient) -> None:
    need = {"competency": "COP-03", "level": "practitioner"}
    for person_id in (scene.foreigner, uuid4()):
        page = f"/country/officers/{person_id}"
        assert contact_point.get(page).status_code == 404
        assert sites.post(app, contact_point, f"{page}/needs", need).status_code == 404
        assert sites.post(app, contact_point, f"{page}/needs/COP-03/drop").status_code == 404
    with app.app_context():
        assert [one for one in scenes.needs_of(scene.foreigner, []) if one.by_name] == []


@pytest.mark.parametrize(("name", "officers", "claims"), [("officer", 403, 403), ("supervisor", 403, 200)])
def test_others_see_no_list_of_officers(app: Flask, scene: Scene, name: str, officers: int, claims: int) -> None:
    client = factories.sign_in(app, scene.people[name])
    assert client.get("/country/officers").status_code == officers
    assert client.get(f"/country/officers/{scene.colleague}").status_code == 404
    assert client.get("/country/claims").status_code == claims


@pytest.mark.parametrize("name", ["contact_point", "supervisor"])
def test_a_second_person_of_the_country_endorses(app: Flask, scene: Scene, name: str) -> None:
    claim_id = claim(app, scene.officer)
    assign(app, scene.officer, scene.supervisor)
    client = factories.sign_in(app, scene.people[name])
    assert scenes.OFFICER in client.get("/country/claims").text
    answer = sites.post(app, client, f"/country/claims/{claim_id}/decision", {"answer": "endorse"})
    assert (answer.status_code, answer.location) == (302, "/country/claims")
    assert states(app, scene.officer) == [(ClaimState.ENDORSED, "")]
    assert "No claims to review" in client.get("/country/claims").text


def test_rejected_claim_needs_a_reason_for_the_officer(app: Flask, scene: Scene, contact_point: FlaskClient) -> None:
    claim_id = claim(app, scene.officer)
    decision = f"/country/claims/{claim_id}/decision"
    answer = sites.post(app, contact_point, decision, {"answer": "decline", "reason": "  "})
    assert answer.status_code == 422
    assert "Enter the reason. The officer reads it." in answer.text
    assert states(app, scene.officer) == [(ClaimState.WAITING, "")]
    sites.post(app, contact_point, decision, {"answer": "decline", "reason": "Show it once more."})
    assert states(app, scene.officer) == [(ClaimState.DECLINED, "Show it once more.")]
    officer = factories.sign_in(app, scene.officer)
    page = officer.get("/path/VIC-02").text
    assert "The answer was: not now." in page
    assert "Reason: Show it once more." in page
    assert "Your claim was decided: \u2068Make first contact and screen safely\u2069." in officer.get("/notices").text


def test_a_claim_without_an_answer_is_refused_in_words(app: Flask, scene: Scene, contact_point: FlaskClient) -> None:
    answer = sites.post(app, contact_point, f"/country/claims/{claim(app, scene.officer)}/decision")
    assert answer.status_code == 422
    assert "Choose “Endorse” or “Not now”." in answer.text


def test_own_claim_and_claim_of_another_country_are_refused(app: Flask, scene: Scene) -> None:
    foreign = claim(app, scene.foreigner)
    with app.app_context(), transaction():
        both = factories.person(grants=((scenes.Role.SUPERVISOR, scenes.Scope.COUNTRY, "IQ"),))
    own = claim(app, both)
    client = factories.sign_in(app, both)
    page = client.get("/country/claims").text
    assert "Stranger 9" not in page
    assert "No claims to review" in page
    for claim_id in (foreign, own, uuid4()):
        answer = sites.post(app, client, f"/country/claims/{claim_id}/decision", {"answer": "endorse"})
        assert answer.status_code == 404
    assert states(app, scene.foreigner) == [(ClaimState.WAITING, "")]
    assert states(app, both) == [(ClaimState.WAITING, "")]


def test_a_supervisor_finds_and_decides_the_claims_of_officers_assigned_alone(app: Flask, scene: Scene) -> None:
    mine, other = claim(app, scene.officer), claim(app, scene.colleague)
    client = factories.sign_in(app, scene.supervisor)
    for claim_id in (mine, other):  # no officer is assigned yet
        answer = sites.post(app, client, f"/country/claims/{claim_id}/decision", {"answer": "endorse"})
        assert answer.status_code == 404
    assert "No claims to review" in client.get("/country/claims").text
    assert "claim of earlier skill" not in client.get("/").text
    assign(app, scene.officer, scene.supervisor)
    page = client.get("/country/claims").text
    assert (scenes.OFFICER in page, "Border guard 4" in page) == (True, False)
    assert "Decide 1 claim of earlier skill" in client.get("/").text
    answer = sites.post(app, client, f"/country/claims/{other}/decision", {"answer": "endorse"})
    assert answer.status_code == 404
    assert states(app, scene.colleague) == [(ClaimState.WAITING, "")]
    with app.app_context(), transaction():
        supervision.release(scene.officer, scene.supervisor, clock.today())
    answer = sites.post(app, client, f"/country/claims/{mine}/decision", {"answer": "endorse"})
    assert answer.status_code == 404
    assert states(app, scene.officer) == [(ClaimState.WAITING, "")]


def test_claims_stand_in_pages_and_an_answer_leads_back_to_its_page(
    app: Flask, scene: Scene, contact_point: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert officers.PAGE == 50
    monkeypatch.setattr(officers, "PAGE", 2)
    claim(app, scene.foreigner)
    names = ("VIC-01", "VIC-02", "VIC-03", "LRE-01", "LRE-02")
    claim_ids = [claim(app, scene.officer, name) for name in names]

    def shown(page: str) -> list[str]:
        found = contact_point.get(f"/country/claims{page}").text
        return [name for name in names if f"<bdi>{name}</bdi>" in found]

    assert shown("") == shown("?page=0") == shown("?page=x") == ["VIC-01", "VIC-02"]
    assert shown("?page=2") == ["VIC-03", "LRE-01"]
    assert shown("?page=3") == shown(f"?page={10**30}") == ["LRE-02"]
    page = contact_point.get("/country/claims?page=2").text
    assert re.findall(r'aria-current="page" aria-label="Page (.)"', page) == ["2"]
    decision = f"/country/claims/{claim_ids[2]}/decision?page=2"
    assert f'action="{decision}"' in page
    refused = sites.post(app, contact_point, decision)
    assert (refused.status_code, "<bdi>LRE-01</bdi>" in refused.text) == (422, True)
    answer = sites.post(app, contact_point, decision, {"answer": "endorse"})
    assert answer.headers["Location"] == "/country/claims?page=2"
    assert shown("?page=2") == ["LRE-01", "LRE-02"]
    assert "Decide 4 claims of earlier skill" in contact_point.get("/").text


def test_home_lists_claims_to_review(app: Flask, scene: Scene, contact_point: FlaskClient) -> None:
    assert "claim of earlier skill" not in contact_point.get("/").text
    claim(app, scene.officer)
    assert "Decide 1 claim of earlier skill" in contact_point.get("/").text
    assert "claim of earlier skill" not in factories.sign_in(app, scene.colleague).get("/").text


def test_pages_ask_as_much_of_the_database_for_many_as_for_few(
    app: Flask, scene: Scene, contact_point: FlaskClient
) -> None:
    page = f"/country/officers/{scene.officer}"

    def statements() -> list[int]:
        return [asked(app, contact_point, path) for path in ("/country/officers?state=lapsed", "/country/claims", page)]

    claim(app, scene.officer)
    with app.app_context():
        scenes.verify(scene.officer, "VIC-03", PRACTITIONER, ago=300)
    assert statements() == [OFFICERS, CLAIMS, OFFICER]
    with app.app_context():
        more = [factories.person(roles=("investigator",)) for _ in range(3)]
        for person_id in more:
            scenes.verify(person_id, "VIC-03", PRACTITIONER, ago=300)
            scenes.verify(person_id, "VIC-02", PRACTITIONER, ago=3)
            claim(app, person_id, "COP-02")
    assert statements() == [OFFICERS, CLAIMS, OFFICER]
