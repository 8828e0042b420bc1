from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Role, Scope
from app.catalogue.domain.items import Level
from app.competence.domain.statuses import VerificationStatus
from app.competence.models import Evidence
from app.competence.queries import competencies as competence
from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.workshops.events import RubricScored
from app.workshops.models import Assessment
from app.workshops.queries import bookings as workshops_bookings, participants
from app.workshops.service import closing, results, staff
from tests.support import factories, workshop_events as given, workshop_rubrics
from tests.support.settings import NOW
from tests.support.workshop_events import doing
from tests.support.workshop_pages import announced, at, bookings, client_of, post
from tests.support.workshop_rubrics import ALONE, CRITERIA, SECURELY

BEGUN = datetime(2027, 5, 4, 7, tzinfo=UTC)
OUTCOMES = (("VIC-02", Level.PRACTITIONER), ("LRE-04", Level.FOUNDATION))


def assessor(workshop_id: UUID, country: str = "BG") -> UUID:
    return factories.person(country=country, grants=((Role.ASSESSOR, Scope.EVENT, str(workshop_id)),))


def event() -> tuple[UUID, UUID, UUID]:
    """Return an event with one participant: event, booking, person."""
    workshop_rubrics.load()
    workshop_id = given.announced(outcomes=OUTCOMES)
    (person_id,) = given.booked(workshop_id, 1)
    return workshop_id, workshops_bookings.seated(workshop_id)[0].id, person_id


def score(
    workshop_id: UUID, booking: UUID, scores: dict[str, int], *, by: UUID, now: datetime = BEGUN, **more: Any
) -> Any:
    more = {"competency": "VIC-02"} | more
    return doing(results.score, workshop_id, booking, scores=scores, by=by, now=now, **more)


def evidence() -> list[Evidence]:
    return list(db.session.scalars(select(Evidence).order_by(Evidence.id)))


def standing(person_id: UUID) -> VerificationStatus:
    found = competence.path(person_id, ["first_responder"], BEGUN.date())
    return next(one.status for one in found if one.competency == "VIC-02")


def test_score_is_watched_evidence_and_verifies_the_competency(context: Flask) -> None:
    workshop_id, booking, person_id = event()
    by = assessor(workshop_id)
    assessment, told = score(workshop_id, booking, SECURELY, by=by)
    (row,) = evidence()
    assert (row.person_id, row.competency, row.level, row.day) == (
        person_id,
        "VIC-02",
        Level.PRACTITIONER,
        BEGUN.date(),
    )
    assert (row.share, row.items, row.trust, row.watched, row.guess) == (1.0, 5, 1.0, True, 0.05)
    assert row.mark == pytest.approx(2 / 3)
    assert (row.assessor_id, row.assessor_country, row.recorded_by) == (by, "BG", by)
    assert row.source == f"workshop:{workshop_id}:{assessment}"
    assert [(type(one), one.person_id, one.competency, one.number) for one in told] == [
        (RubricScored, person_id, "VIC-02", 1)
    ]
    assert standing(person_id) is VerificationStatus.VERIFIED


def test_repeated_request_changes_nothing(context: Flask) -> None:
    workshop_id, booking, _person = event()
    by = assessor(workshop_id)
    first, _told = score(workshop_id, booking, ALONE, by=by)
    again, told = score(workshop_id, booking, ALONE, by=by)
    assert (again, told, len(evidence())) == (first, [], 1)


@pytest.mark.each_database
def test_correction_needs_a_reason_and_voids_earlier_evidence(context: Flask) -> None:
    workshop_id, booking, person_id = event()
    by = assessor(workshop_id)
    score(workshop_id, booking, SECURELY, by=by)
    with pytest.raises(DomainError, match="Say why"):
        score(workshop_id, booking, dict.fromkeys(CRITERIA, 0), by=by)
    score(workshop_id, booking, dict.fromkeys(CRITERIA, 0), by=by, reason="Another person's sheet")
    first, voiding, second = evidence()
    assert (voiding.voids, voiding.reason) == (first.id, "Another person's sheet")
    assert (second.share, second.voids) == (0.0, None)
    assert standing(person_id) is VerificationStatus.IN_TRAINING
    newest = participants.assessment_of(workshop_id, booking, "VIC-02", by)
    assert newest is not None
    assert (newest.number, newest.scores) == (2, dict.fromkeys(CRITERIA, 0))
    assert db.session.get_one(Assessment, newest.id).reason == "Another person's sheet"
    assert [one.id for one in participants.assessments(workshop_id)] == [newest.id]


def test_assessors_score_independently(context: Flask) -> None:
    workshop_id, booking, _person = event()
    score(workshop_id, booking, SECURELY, by=assessor(workshop_id, "BG"))
    score(workshop_id, booking, ALONE, by=assessor(workshop_id, "NL"))
    assert [(one.share, one.assessor_country) for one in evidence()] == [(1.0, "BG"), (pytest.approx(2 / 3), "NL")]
    assert dict(participants.scored_counts([workshop_id])) == {workshop_id: 1}


def test_invalid_scores_are_refused(context: Flask) -> None:
    workshop_id, booking, _person = event()
    by = assessor(workshop_id)
    with pytest.raises(DomainError, match="Only an assessor"):
        score(workshop_id, booking, ALONE, by=factories.person())
    with pytest.raises(DomainError, match="each criterion"):
        score(workshop_id, booking, {"plan": 3}, by=by)
    with pytest.raises(DomainError, match="each criterion"):
        score(workshop_id, booking, ALONE | {"plan": 4}, by=by)
    with pytest.raises(NoResultFound):
        score(workshop_id, booking, ALONE, by=by, competency="VIC-01")
    with pytest.raises(NoResultFound):
        score(given.announced(outcomes=OUTCOMES), booking, ALONE, by=by)
    for moment in (BEGUN - timedelta(days=1), BEGUN + timedelta(days=17)):
        with pytest.raises(DomainError, match="first session"):
            score(workshop_id, booking, ALONE, by=by, now=moment)
    assert evidence() == []


def test_participating_assessor_is_scored_by_another(context: Flask) -> None:
    workshop_id, booking, person_id = event()
    with transaction():
        staff.appoint(workshop_id, person_id, Role.ASSESSOR, NOW)
    with pytest.raises(DomainError, match="score yourself"):
        score(workshop_id, booking, ALONE, by=person_id)


def test_closed_event_accepts_no_scores(context: Flask) -> None:
    workshop_id, booking, _person = event()
    by = assessor(workshop_id)
    held = datetime(2027, 5, 6, tzinfo=UTC)
    with transaction():
        closing.close(workshop_id, by=by, now=held, reason="The lists are lost.")
    with pytest.raises(DomainError, match="first session"):
        score(workshop_id, booking, ALONE, by=by, now=held)


def test_outcome_without_a_rubric_is_an_error(context: Flask) -> None:
    workshop_rubrics.load()
    workshop_id = given.announced(outcomes=(("FIN-01", Level.PRACTITIONER),))
    given.booked(workshop_id, 1)
    with pytest.raises(DomainError, match="no rubric"):
        score(
            workshop_id,
            workshops_bookings.seated(workshop_id)[0].id,
            ALONE,
            by=assessor(workshop_id),
            competency="FIN-01",
        )


def page_of(app: Flask) -> tuple[UUID, UUID, str]:
    """Return an event under way with two participants: event, the first booking, the address of its rubric."""
    with app.app_context():
        workshop_rubrics.load()
    workshop_id = announced(app, 2, outcomes=OUTCOMES)
    at(BEGUN)
    booking = bookings(app, workshop_id)[0]
    return workshop_id, booking, f"/teaching/workshops/{workshop_id}/assess/{booking}/VIC-02"


def sent(scores: dict[str, int]) -> dict[str, str]:
    return {f"score-{name}": str(value) for name, value in scores.items()}


def test_rubric_page_saves_scores_and_shows_the_result(app: Flask) -> None:
    workshop_id, _booking, path = page_of(app)
    client = client_of(app, Role.ASSESSOR, workshop_id)
    page = client.get(path)
    assert page.status_code == 200
    assert page.text.count("<fieldset") == 5
    assert page.text.count('type="radio"') == 20
    assert "Separates people calmly" in page.text
    sheet = page.text.partition("<summary>Exercise sheet</summary>")[2].partition("</details>")[0]
    assert sheet.count("<p>") > 4
    assert "Two people at a site" in sheet
    assert "Screening at a packing hall" not in page.text  # the calibration case is no help while scoring
    answer = client.post(
        path, data=sent(SECURELY) | {"csrf_token": factories.token(app, client)}, follow_redirects=True
    )
    assert "Scored. VIC-02 of Officer" in answer.text
    assert "is verified until" in answer.text
    assert "Officer" in answer.text
    assert post(app, client, path, **sent(SECURELY)).status_code == 302  # a repeated request
    with app.app_context():
        assert len(evidence()) == 1
        assert db.session.scalars(select(Assessment.number)).all() == [1]


def test_score_message_is_not_stored_in_a_cookie(app: Flask) -> None:
    """A cookie is signed but not encrypted: each user of the computer can read it."""
    workshop_id, booking, path = page_of(app)
    client, other = (client_of(app, Role.ASSESSOR, workshop_id) for _ in range(2))
    answer = post(app, client, path, **sent(SECURELY))
    with client.session_transaction() as session:
        assert "_flashes" not in session
    page = client.get(answer.headers["Location"])
    assert "Scored. VIC-02 of Officer" in page.text
    with client.session_transaction() as session:
        assert "_flashes" not in session
    assert "Scored. VIC-02" not in client.get(f"/teaching/workshops/{workshop_id}/assess").text
    assert "Scored. VIC-02" not in other.get(answer.headers["Location"]).text  # another assessor
    for asked in (
        "scored=x&outcome=VIC-02",
        f"scored={booking}&outcome=XXX-01",
        f"scored={workshop_id}&outcome=VIC-02",
    ):
        strange = client.get(f"/teaching/workshops/{workshop_id}/assess?{asked}")
        assert strange.status_code == 200
        assert "Scored. " not in strange.text


def test_incomplete_rubric_returns_with_the_chosen_scores(app: Flask) -> None:
    workshop_id, _booking, path = page_of(app)
    client = client_of(app, Role.ASSESSOR, workshop_id)
    refused = post(app, client, path, **sent({"plan": 3, "talk": 1}))
    assert refused.status_code == 422
    assert refused.text.count(" checked") == 2
    assert 'href="#score-separate"' in refused.text
    assert "3 things to correct" in refused.text


def test_correction_on_the_page_needs_a_reason(app: Flask) -> None:
    workshop_id, _booking, path = page_of(app)
    client = client_of(app, Role.ASSESSOR, workshop_id)
    post(app, client, path, **sent(SECURELY))
    refused = post(app, client, path, **sent(ALONE))
    assert refused.status_code == 422
    assert "Say why the scores are corrected." in refused.text
    assert post(app, client, path, reason="Wrong sheet", **sent(ALONE)).status_code == 302


def test_scores_of_a_closed_event_are_readable(app: Flask) -> None:
    workshop_id, booking, path = page_of(app)
    client = client_of(app, Role.ASSESSOR, workshop_id)
    post(app, client, path, **sent(ALONE))
    at(datetime(2027, 5, 6, 9, tzinfo=UTC))
    with app.app_context(), transaction():
        closing.close(workshop_id, by=factories.person(), now=clock.now(), reason="The lists are lost.")
    page = client.get(path)
    assert page.status_code == 200
    assert "10 of 15 points." in page.text
    assert "<form class" not in page.text.replace('<form class="phone-only"', "")
    assert post(app, client, path, reason="Late", **sent(SECURELY)).status_code == 409
    matrix = client.get(f"/teaching/workshops/{workshop_id}/assess")
    assert "The time for scores is over." in matrix.text
    assert str(booking) in matrix.text


def test_rubric_page_is_for_assessors_of_the_event_only(app: Flask) -> None:
    other = announced(app)
    workshop_id, _booking, path = page_of(app)
    for role, event_id in ((Role.ASSESSOR, other), (Role.TRAINER, workshop_id), (Role.COORDINATOR, None)):
        client = client_of(app, role, event_id)
        assert client.get(path).status_code == 404
        assert post(app, client, path, **sent(ALONE)).status_code == 404
    client = client_of(app, Role.ASSESSOR, workshop_id)
    assert client.get(path.replace("VIC-02", "VIC-09")).status_code == 404
    assert client.get(path.replace("VIC-02", "LRE-04")).status_code == 200


def test_own_rubric_page_returns_404(app: Flask) -> None:
    workshop_id, booking, path = page_of(app)
    with app.app_context(), transaction():
        person_id = participants.participant(workshop_id, booking)
        staff.appoint(workshop_id, person_id, Role.ASSESSOR, clock.now())
    client = factories.sign_in(app, person_id)
    assert client.get(path).status_code == 404
    assert "Yourself" in client.get(f"/teaching/workshops/{workshop_id}/assess").text


@pytest.mark.each_database
def test_participants_page_shows_scores(app: Flask) -> None:
    workshop_id, _booking, path = page_of(app)
    client, other = (client_of(app, Role.ASSESSOR, workshop_id) for _ in range(2))
    post(app, client, path, **sent(ALONE))
    page = client.get(f"/teaching/workshops/{workshop_id}/assess")
    assert "1 of 4 scores given" in page.text
    assert "Scored" in page.text
    assert "By another assessor" in other.get(f"/teaching/workshops/{workshop_id}/assess").text
    assert "3 scores are open" in client.get("/teaching").text
