"""The result page of a passed test offers the certificate of the completed course."""

from flask import Flask
from sqlalchemy import select

from app.catalogue.queries import courses as catalogue, versions
from app.db.session import db
from app.kernel import clock
from app.quizzes.models import Attempt
from tests.support import courses, factories, plans, sites


def test_result_of_a_passed_test_leads_to_the_certificate(app: Flask) -> None:
    with app.app_context():
        courses.publish()
        person_id = factories.person()
        outline = catalogue.outline(versions.current_ids()[0])
        plans.complete(person_id, outline, clock.now())
        attempt_id = db.session.scalars(select(Attempt.public_id).where(Attempt.person_id == person_id)).one()
    client = factories.sign_in(app, person_id)
    key = f"{outline.course_id}/{outline.number}"
    result = f"/attempts/{attempt_id}/result"
    assert f'href="/credentials?about={key}"' in client.get(result).text.replace("%2F", "/")
    answer = sites.post(app, client, "/credentials", {"kind": "completion", "key": key})
    assert f'href="{answer.headers["Location"]}"' in client.get(result).text
    page = client.get(answer.headers["Location"]).text
    assert "Certificate of completion" in page
    assert "It does not certify a competence." in page
