"""The own path and the page that explains a date: what the person reads in each status."""

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.catalogue.domain.items import Level
from app.competence.domain.claims import ClaimState
from app.competence.domain.evidence import EvidenceKind
from app.competence.queries import competencies
from app.competence.service import evidence_records, needs
from app.db.session import db, transaction
from app.kernel import clock
from app.learning.service import lesson_progress as learning
from tests.support import competence_site as scenes, courses, factories, sites, workshop_events
from tests.support.competence_site import Scene

FOUNDATION, PRACTITIONER = Level.FOUNDATION, Level.PRACTITIONER
WATCHED_AGO = 300  # days


@pytest.fixture
def scene(app: Flask) -> Scene:
    with app.app_context():
        return scenes.make()


@pytest.fixture
def officer(app: Flask, scene: Scene) -> FlaskClient:
    return factories.sign_in(app, scene.officer)


def text(client: FlaskClient, path: str) -> str:
    """Return what a page says, without tags, in one line."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.status
    words = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    return re.sub(r" (?=[.,:])", "", words)


def claims(app: Flask, person_id: UUID) -> list[ClaimState]:
    with app.app_context():
        return [one.state for one in competencies.claims_of(person_id)]


def test_path_lists_the_needs_of_the_role(officer: FlaskClient) -> None:
    page = text(officer, "/path")
    assert "What your role needs in the first year: Investigator" in page
    assert "0 of 12 competencies verified" in page
    assert "VIC-02. Practitioner level. Not started." in page
    assert "ONL-04" not in page  # a first responder's


def test_every_status_is_said_with_its_date(app: Flask, scene: Scene, officer: FlaskClient) -> None:
    with app.app_context():
        scenes.train(scene.officer, "LRE-01", PRACTITIONER)
        scenes.verify(scene.officer, "VIC-01", PRACTITIONER, ago=3)
        scenes.verify(scene.officer, "VIC-02", PRACTITIONER, ago=80)
        scenes.verify(scene.officer, "VIC-03", PRACTITIONER, ago=300)
        ends = {one.competency: one.until for one in competencies.path(scene.officer, ["investigator"], clock.today())}
        db.session.remove()
    until = {name: f"{end.day} {end:%B %Y}" for name, end in ends.items() if end}
    lapsed = ends["VIC-03"] + timedelta(days=1)
    page = text(officer, "/path")
    assert "LRE-01. Practitioner level. In training." in page
    assert f"VIC-01. Practitioner level. Verified until {until['VIC-01']}." in page
    assert f"VIC-02. Practitioner level. Due: until {until['VIC-02']}." in page
    assert f"VIC-03. Practitioner level. Lapsed on {lapsed.day} {lapsed:%B %Y}." in page
    assert "2 of 12 competencies verified" in page
    assert "1 is due soon" in page
    assert "1 has lapsed" in page


def test_a_need_by_name_is_marked(app: Flask, scene: Scene, officer: FlaskClient) -> None:
    with app.app_context(), transaction():
        needs.name_need(scene.officer, "COP-03", PRACTITIONER, by=scene.contact_point, now=clock.now())
    page = text(officer, "/path")
    assert "COP-03. Practitioner level. Not started. Assigned to you by name." in page
    assert "0 of 13 competencies verified" in page


def test_path_without_framework_names_the_next_step(app: Flask) -> None:
    with app.app_context():
        client = factories.sign_in(app, factories.person())
    assert "No competencies yet" in text(client, "/path")
    assert client.get("/path/VIC-02").status_code == 404


def test_a_date_that_fading_ends_says_so(app: Flask, scene: Scene, officer: FlaskClient) -> None:
    with app.app_context():
        scenes.verify(scene.officer, "VIC-02", PRACTITIONER, ago=3)
    page = text(officer, "/path/VIC-02")
    assert "An assessor saw you do it on 26 February 2027." in page
    assert "because such a skill fades; what you do alone can carry it further" in page
    assert "30 of 36 points, mark 24: mark reached. Watched by Assessor NL. Counts as training." in page
    assert "Verified until 1 June 2027." in page
    assert "8 of 10, mark 6.2: mark reached. Not watched. Counts at: Foundation level. Counts as training." in page
    assert "What would extend it" in page


def test_a_date_that_the_last_watched_check_ends_says_so(app: Flask, scene: Scene, officer: FlaskClient) -> None:
    with app.app_context():
        scenes.verify(scene.officer, "VIC-02", PRACTITIONER, ago=WATCHED_AGO, right=12)
        for ago in range(WATCHED_AGO - 28, 0, -28):
            day = clock.today() - timedelta(days=ago)
            scenes.add(scene.officer, "VIC-02", PRACTITIONER, EvidenceKind.SCENARIO, day, right=4, items=4)
    page = text(officer, "/path/VIC-02")
    assert "a new watched check is due 12 months after the last one" in page


def test_lapsed_competency_shows_reason_and_next_step(app: Flask, scene: Scene, officer: FlaskClient) -> None:
    with app.app_context():
        scenes.verify(scene.officer, "VIC-03", PRACTITIONER, ago=300)
    page = text(officer, "/path/VIC-03")
    assert "Lapsed on" in page
    assert "because such a skill fades." in page
    assert "What you have shown stays in your record." in page
    assert "What would verify it" in page


def test_a_watched_check_that_failed_is_named_as_the_reason(app: Flask, scene: Scene) -> None:
    with app.app_context():
        scenes.verify(scene.colleague, "LRE-01", FOUNDATION, ago=30)
        today = clock.today()
        scenes.add(scene.colleague, "LRE-01", FOUNDATION, EvidenceKind.SURPRISE, today, right=1, items=12, watched=True)
    page = text(factories.sign_in(app, scene.colleague), "/path/LRE-01")
    assert "It counted until 28 February 2027. The watched check after that did not reach the mark." in page


def test_competency_in_training_names_the_verifier(app: Flask, scene: Scene, officer: FlaskClient) -> None:
    with app.app_context():
        scenes.train(scene.officer, "VIC-02", PRACTITIONER)
    page = text(officer, "/path/VIC-02")
    assert "Course completed, test passed, not observed yet." in page
    assert "An assessor who scores your practice verifies this level." in page
    assert "I could do this before" not in page  # there is evidence


def test_what_was_taken_out_is_struck_with_its_reason(app: Flask, scene: Scene, officer: FlaskClient) -> None:
    with app.app_context():
        day = clock.today() - timedelta(days=9)
        number = scenes.add(scene.officer, "VIC-02", PRACTITIONER, EvidenceKind.SCENARIO, day, right=2, items=6)
        assert number is not None
        with transaction():
            evidence_records.void(number, by=scene.contact_point, reason="The key was wrong.", now=clock.now())
    page = officer.get("/path/VIC-02").text
    assert "<s>Case</s>" in page
    assert "Removed. It does not count: The key was wrong." in page


def test_chance_is_shown_as_text_with_its_number(app: Flask, scene: Scene, officer: FlaskClient) -> None:
    with app.app_context():
        scenes.verify(scene.officer, "VIC-02", PRACTITIONER, ago=5, right=11)
        for ago in range(4, 0, -1):
            day = clock.today() - timedelta(days=ago)
            scenes.add(scene.officer, "VIC-02", PRACTITIONER, EvidenceKind.SCENARIO, day, right=5, items=6)
    page = text(officer, "/path/VIC-02")
    assert "Your chance to reach the pass mark today: very likely, over 99 %." in page
    assert "100 %" not in page


def _list(client: FlaskClient, path: str) -> str:
    """Return the list of evidence of a page, without tags."""
    page = text(client, path)
    return page[page.index("The evidence") : page.index("How this is calculated")]


def test_list_of_evidence_has_no_percentage(app: Flask, scene: Scene, officer: FlaskClient) -> None:
    with app.app_context():
        scenes.verify(scene.officer, "VIC-02", PRACTITIONER, ago=40)
        scenes.add(scene.officer, "VIC-02", PRACTITIONER, EvidenceKind.SCENARIO, clock.today(), right=2, items=6)
    shown = _list(officer, "/path/VIC-02")
    assert "%" not in shown
    assert "Chance" not in shown
    assert "2 of 6, mark 3.7: mark not reached. Not watched. It moved the date back from" in shown


def test_chance_is_hidden_before_the_first_observation(app: Flask, scene: Scene, officer: FlaskClient) -> None:
    with app.app_context():
        scenes.train(scene.officer, "VIC-02", FOUNDATION)
    page = text(officer, "/path/VIC-02")
    assert "No chance is shown: no one has watched you do it yet." in page
    assert "reach the pass mark today" not in page


def test_an_earlier_skill_is_claimed_and_taken_back(app: Flask, scene: Scene, officer: FlaskClient) -> None:
    assert "I could do this before" in text(officer, "/path/VIC-02")
    answer = sites.post(app, officer, "/path/VIC-02/claim", {"level": "practitioner"})
    assert (answer.status_code, answer.location) == (302, "/path/VIC-02")
    assert claims(app, scene.officer) == [ClaimState.WAITING]
    page = text(officer, "/path/VIC-02")
    assert "You claimed it on 1 March 2027, at this level: Practitioner level." in page
    answer = sites.post(app, officer, "/path/VIC-02/claim/withdraw")
    assert answer.status_code == 302
    assert claims(app, scene.officer) == [ClaimState.WITHDRAWN]
    assert "Claim this skill" in text(officer, "/path/VIC-02")


@pytest.mark.parametrize("level", ["", "master", "practitioner;"])
def test_a_claim_without_a_level_of_the_framework_is_refused_in_words(
    app: Flask, scene: Scene, officer: FlaskClient, level: str
) -> None:
    answer = sites.post(app, officer, "/path/VIC-02/claim", {"level": level})
    assert answer.status_code == 422
    assert "Choose the level at which you could do it." in answer.text
    assert claims(app, scene.officer) == []


def test_a_claim_beside_evidence_is_refused(app: Flask, scene: Scene, officer: FlaskClient) -> None:
    with app.app_context():
        scenes.train(scene.officer, "VIC-02", PRACTITIONER)
    assert sites.post(app, officer, "/path/VIC-02/claim", {"level": "practitioner"}).status_code == 409


def test_who_is_no_practitioner_claims_nothing(app: Flask, scene: Scene) -> None:
    client = factories.sign_in(app, scene.contact_point)
    assert sites.post(app, client, "/path/VIC-02/claim", {"level": "practitioner"}).status_code == 403
    assert sites.post(app, client, "/path/VIC-02/claim/withdraw").status_code == 404


def test_nothing_that_waits_is_nothing_to_take_back(app: Flask, officer: FlaskClient) -> None:
    assert sites.post(app, officer, "/path/VIC-02/claim/withdraw").status_code == 404


def test_evidence_of_other_people_is_not_shown(app: Flask, scene: Scene, officer: FlaskClient) -> None:
    with app.app_context():
        scenes.verify(scene.foreigner, "VIC-02", PRACTITIONER)
    assert "No evidence yet" in text(officer, "/path/VIC-02")


@pytest.mark.each_database
def test_the_next_step_is_the_workshop_that_scores_it(app: Flask, scene: Scene, officer: FlaskClient) -> None:
    with app.app_context():
        outcomes = (("VIC-02", PRACTITIONER), ("VIC-01", FOUNDATION))
        workshop_id = workshop_events.announced(outcomes=outcomes, roles=("investigator",))
        scenes.train(scene.officer, "VIC-02", PRACTITIONER)
    step = f'href="/workshops/{workshop_id}">Workshop on'
    assert officer.get("/path").text.count(step) == 1  # VIC-01 is scored at a lower level than the one needed
    page = text(officer, "/path/VIC-02")
    assert "Workshop on 4 May 2027: A watch at the quay" in page
    assert "No date is announced yet" not in page


def test_a_workshop_for_other_roles_is_no_step(app: Flask, scene: Scene) -> None:
    with app.app_context():
        for roles in (("investigator",), ("digital_investigator", "investigator")):
            workshop_events.announced(outcomes=(("VIC-01", PRACTITIONER),), roles=roles)
        scenes.train(scene.colleague, "VIC-01", PRACTITIONER)
    client = factories.sign_in(app, scene.colleague)  # a first responder
    said = "The workshops announced for this are for other roles."
    for path, times in (("/path", 1), ("/path/VIC-01", 1), ("/path/VIC-02", 0)):
        page = text(client, path)
        assert "A watch at the quay" not in page
        assert page.count(said) == times
    assert "The announced workshops are for other roles" in text(client, "/path/VIC-01")


@pytest.mark.parametrize("roles", [(), ("investigator", "first_responder")], ids=["any", "several"])
def test_next_step_is_a_workshop_open_to_the_role(app: Flask, scene: Scene, roles: tuple[str, ...]) -> None:
    with app.app_context():
        outcomes = (("VIC-01", PRACTITIONER),)
        workshop_events.announced(outcomes=outcomes, roles=("investigator",))
        session = workshop_events.session(date(2027, 6, 1))
        wanted = workshop_events.announced(outcomes=outcomes, roles=roles, sessions=(session,))
        scenes.train(scene.colleague, "VIC-01", PRACTITIONER)
    client = factories.sign_in(app, scene.colleague)
    page = client.get("/path").text
    assert page.count("Workshop on") == page.count(f'href="/workshops/{wanted}">Workshop on') == 1
    assert "Workshop on 1 June 2027" in text(client, "/path/VIC-01")
    assert "for other roles" not in text(client, "/path/VIC-01")


def test_the_next_step_is_the_course_that_teaches_it(app: Flask) -> None:
    with app.app_context():
        published = courses.publish()
        person_id = factories.person()
    client = factories.sign_in(app, person_id)
    assert "Begin the course T10 Night at the harbour" in text(client, "/path/PRT-01")
    with app.app_context(), transaction():
        learning.begin(person_id, published.outline, clock.now())
    assert "Go on with the course T10 Night at the harbour" in text(client, "/path/PRT-01")


def test_the_direction_of_a_course_is_said_for_its_code_would_turn_an_arabic_title_round(
    app: Flask, scene: Scene
) -> None:
    with app.app_context():
        courses.publish()
        scenes.train(scene.colleague, "PRT-01", FOUNDATION)
    client = factories.sign_in(app, scene.colleague)
    for path in ("/path", "/path/PRT-01"):
        assert 'Begin the course <bdi lang="en" dir="ltr">T10 Night at the harbour</bdi>' in client.get(path).text
