"""A nominated event after its nominations closed, and its coordinator's client, for the pages of the selection."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from app.db.session import db
from app.identity.queries import people
from app.workshops.domain.allocation import CountedAs
from tests.support import factories, nominated_events
from tests.support.nominated_events import CLOSED, NominatedEvent
from tests.support.workshop_pages import at, post


@dataclass(slots=True)
class SelectionSite:
    """An event with nominees of two countries, the best-ranked first, seen by its coordinator."""

    app: Flask
    event: NominatedEvent
    client: FlaskClient
    people: dict[str, list[UUID]]

    @property
    def path(self) -> str:
        """Return the address of the selection."""
        return f"/workshops/{self.event.workshop_id}/selection"

    def text(self, path: str = "") -> str:
        """Return a page of the selection."""
        response = self.client.get(self.path + path)
        assert response.status_code == 200, response.text
        return str(response.text)

    def post(self, path: str = "", **fields: Any) -> Any:
        """Submit a form of the selection."""
        return post(self.app, self.client, self.path + path, **fields)

    def alias(self, country: str, rank: int) -> str:
        """Return the alias of the nominee of this country and rank."""
        with self.app.app_context():
            return alias_of(self.people[country][rank - 1])

    def nomination_id(self, country: str, rank: int) -> UUID:
        """Return the nomination of this country and rank."""
        with self.app.app_context():
            return self.event.row(self.people[country][rank - 1]).id

    def fingerprint(self) -> str:
        """Return the fingerprint of the proposal that the page shows."""
        return fingerprint_in(self.text())

    def confirm(self, **fields: Any) -> Any:
        """Confirm the proposal that the page shows."""
        return self.post(fingerprint=self.fingerprint(), **fields)


def fingerprint_in(text: str) -> str:
    """Return the fingerprint of the proposal on a page."""
    return text.split('name="fingerprint" value="')[1].split('"', maxsplit=1)[0]


def alias_of(person_id: UUID) -> str:
    return people.names([person_id])[person_id]


def site(app: Flask, *, number: int = 3, capacity: int = 4, is_closed: bool = True, **rules: Any) -> SelectionSite:
    """Nominate this many officers of each of two countries, and close the nominations."""
    with app.app_context():
        event = nominated_events.nominated_event(capacity=capacity, nomination=nominated_events.rules(**rules))
        nominees = {country: event.officers(country, number) for country in nominated_events.COUNTRIES}
        for country, officers in nominees.items():
            event.nominate(country, officers, counted_as=CountedAs.NOT_SAID)
        coordinator = event.coordinator.id
        db.session.remove()
    client = factories.sign_in(app, coordinator)
    if is_closed:
        at(CLOSED)
    return SelectionSite(app, event, client, nominees)
