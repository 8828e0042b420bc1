"""The steps by which tests show that each change leaves an entry in the audit log."""

from collections.abc import Callable, Set
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.audit.models import Entry
from app.db.session import db
from tests.support import sites
from tests.support.sites import Site

Step = Callable[[Site, FlaskClient], None]


@dataclass(frozen=True, slots=True)
class AuditStep:
    """What a person of the site does (None: no sign-in) and the events that must be recorded.

    `prepare` runs before, and what it records does not count.
    """

    run: Step
    events: Set[str]
    by: str | None = "owner"
    prepare: Callable[[Site], None] | None = None


def submit(path: str, /, **fields: str) -> Step:
    """Return a step that submits a form and expects success."""

    def step(site: Site, client: FlaskClient) -> None:
        values = {"attempt": site.done.open_attempt, "case": site.done.open_case, **site.workshops}
        answer = sites.post(site.app, client, path.format(**values), fields)
        assert answer.status_code in {302, 204}, answer.status

    return step


def last_entry(app: Flask) -> int:
    """Return the id of the last audit entry, or 0."""
    with app.app_context():
        return db.session.scalar(select(Entry.id).order_by(Entry.id.desc()).limit(1)) or 0


def entries_since(app: Flask, last: int) -> list[Entry]:
    """Return the audit entries after an id."""
    with app.app_context():
        return list(db.session.scalars(select(Entry).where(Entry.id > last).order_by(Entry.id)))
