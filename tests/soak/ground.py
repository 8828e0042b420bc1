"""A site with one course for tests that kill and load it."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from flask import Flask

from tests.support import factories
from tests.support.http_client import Visit


@dataclass(frozen=True, slots=True)
class Ground:
    """An empty site with one course: its address, its folder, and the application to look at it from here."""

    app: Flask
    url: str
    folder: Path

    def people(self, count: int) -> list[tuple[UUID, str]]:
        """Add practitioners; return their ids and the names they sign in with."""
        with self.app.app_context():
            found = []
            for _ in range(count):
                mail = f"soak{next(factories._numbers)}@example.org"
                found.append((factories.person(mail=mail), mail))
            return found

    def visit(self, person_id: UUID, port: int, timeout: float = 20) -> Visit:
        """Return a reader with the session of a person and its token, the slow password left out."""
        name = self.app.config["SESSION_COOKIE_NAME"]
        client = factories.sign_in(self.app, person_id)
        cookie = client.get_cookie(name)
        assert cookie is not None
        visit = Visit(port, timeout=timeout)
        visit.cookies[name] = cookie.value
        visit.token = factories.token(self.app, client)
        return visit
