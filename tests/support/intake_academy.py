"""Contact points of two countries who import sheets of people, and what their pages show."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.identity import service as accounts
from app.identity.domain.people import AgencyKind
from tests.support import competence_site, factories, people_sheets as sheets
from tests.support.site_snapshots import kept

OTHER_AGENCY = "Coast guard"


@dataclass
class Desk:
    """A signed-in user who sends sheets."""

    app: Flask
    client: FlaskClient
    person_id: UUID

    def send(self, raw: bytes, name: str = "people.csv") -> TestResponse:
        """Send a sheet; return the response."""
        file = FileStorage(BytesIO(raw), name)
        boundary, body = encode_multipart({"csrf_token": factories.token(self.app, self.client), "sheet": file})
        return self.client.post("/people/sheet", data=body, content_type=f"multipart/form-data; boundary={boundary}")

    def taken(self, path: str) -> bytes:
        """Download a file."""
        with self.client.get(path) as answer:
            assert answer.status_code == 200, answer.status
            raw: bytes = answer.data
            return raw

    def checked(self, raw: bytes, name: str = "people.csv") -> str:
        """Send a readable sheet; return the address of the checked sheet."""
        answer = self.send(raw, name)
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return str(answer.headers["Location"])

    def post(self, path: str) -> TestResponse:
        return self.client.post(path, data={"csrf_token": factories.token(self.app, self.client)})

    def imported(self, raw: bytes) -> str:
        """Send a sheet and import it; return the address of the import."""
        answer = self.post(f"{self.checked(raw)}/import")
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return str(answer.headers["Location"])


@dataclass
class Academy:
    """The academy with contact points of two countries."""

    app: Flask
    agency: UUID
    other_agency: UUID
    here: Desk  # of IQ
    there: Desk  # of BG

    def desk(self, *grants: tuple[Role, Scope, str], country: str = "IQ") -> Desk:
        with self.app.app_context():
            person_id = factories.person(country=country, roles=(), grants=grants)
            db.session.remove()
        return Desk(self.app, factories.sign_in(self.app, person_id), person_id)

    def person(self, **facts: object) -> UUID:
        """Add an officer of IQ who serves in the first agency."""
        with self.app.app_context():
            made = factories.person(**facts)  # type: ignore[arg-type]
            db.session.remove()
        return made


Make = Callable[[Flask], Academy]


@kept
def _people_and_agencies(app: Flask) -> tuple[competence_site.Scene, UUID, UUID]:
    with app.app_context():
        people = competence_site.make()
        with transaction():
            agency = accounts.add_agency("IQ", AgencyKind.BORDER, sheets.AGENCY)
            other = accounts.add_agency("IQ", AgencyKind.BORDER, OTHER_AGENCY)
            accounts.add_agency("BG", AgencyKind.BORDER, sheets.AGENCY)
        db.session.remove()
    return people, agency, other


def make(app: Flask) -> Academy:
    people, agency, other = _people_and_agencies(app)
    here, there = (
        Desk(app, factories.sign_in(app, person_id), person_id)
        for person_id in (people.contact_point, people.other_contact_point)
    )
    return Academy(app, agency, other, here, there)


def wish(desk: Desk, word: str) -> str:
    """Return the address that answers the open request on the page, "" for none."""
    match = re.search(rf'formaction="([^"]+/{word})"', desk.client.get("/people/sheet").get_data(as_text=True))
    return match.group(1) if match else ""


OFFICERS = 3  # and supervisors of IQ in the test data


def shown(answer: TestResponse) -> str:
    """Return the text of a page as one line."""
    main = answer.get_data(as_text=True).split("<main")[-1].split("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())
