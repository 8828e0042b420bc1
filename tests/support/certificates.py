"""A person with something to certify: an open event, a restricted event, a competence."""

from dataclasses import dataclass
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.policy import Sensitivity
from app.catalogue.domain.items import Level
from app.credentials.models import Certificate
from app.db.session import db
from app.kernel import clock
from app.workshops.domain.attendance import Attendance
from tests.support import competence_site, courses, factories, sites, workshop_events
from tests.support.settings import NOW

COMPETENCY = "PRT-01"


@dataclass(frozen=True, slots=True)
class Certifiable:
    """An officer who attended two events and is verified in COMPETENCY."""

    app: Flask
    client: FlaskClient
    person_id: UUID
    open_event: UUID
    restricted_event: UUID

    def issue(self, key: object, kind: str = "attendance") -> str:
        """Issue a certificate and return its id."""
        answer = sites.post(self.app, self.client, "/credentials", {"kind": kind, "key": str(key)})
        assert answer.status_code == 302, answer.status
        return answer.headers["Location"].rpartition("/")[2]

    def stored(self, certificate_id: str) -> Certificate:
        """Return the row of a certificate."""
        with self.app.app_context():
            row = db.session.scalars(select(Certificate).where(Certificate.id == UUID(certificate_id))).one()
            db.session.expunge(row)
            return row

    def post(self, path: str, **fields: str) -> int:
        """Send a form and return the status."""
        return sites.post(self.app, self.client, path, fields).status_code


def certifiable(app: Flask) -> Certifiable:
    """Let an officer attend two events and be verified; the clock moves behind the events."""
    with app.app_context():
        courses.publish()
        officer = factories.person()
        events = [
            workshop_events.announced(sensitivity=sensitivity)
            for sensitivity in (Sensitivity.UNRESTRICTED, Sensitivity.LAW_ENFORCEMENT_ONLY)
        ]
        for workshop_id in events:
            workshop_events.seat(workshop_id, officer)
            workshop_events.hold(workshop_id, officer, [Attendance.PRESENT, Attendance.PRESENT])
    later = NOW.replace(month=6) - clock.real_now()
    clock.move(lambda: later)
    with app.app_context():
        competence_site.verify(officer, COMPETENCY, Level.FOUNDATION, ago=3)
    return Certifiable(app, factories.sign_in(app, officer), officer, *events)
