"""Every route with an address to try it by."""

from collections.abc import Iterator
from uuid import UUID

from flask import Flask
from werkzeug.routing import Rule

from tests.support import courses

NOBODYS = UUID("00000000-0000-4000-8000-000000000000")
VALUES = {
    "course": courses.SLUG,
    "lesson": "the-list",
    "case": "scenario",
    "item": courses.CHECK,
    "number": 1,
    "n": 1,
    "language": "en",
    "attempt": NOBODYS,
    "playthrough": NOBODYS,
    "workshop_id": NOBODYS,
    "booking_id": NOBODYS,
    "step": "close",
    "person_id": NOBODYS,
    "supervisor_id": NOBODYS,
    "claim_id": NOBODYS,
    "suggestion_id": NOBODYS,
    "competency": "PRT-01",
    "digest": "0" * 64,
    "name": "academy.css",
    "role": "practitioner",
    "code": "OP2.1",
    "country": "IQ",
    "form": "csv",
    "observation_id": NOBODYS,
    "invitation_id": NOBODYS,
    "agency_id": NOBODYS,
    "sheet_id": NOBODYS,
    "batch_id": NOBODYS,
    "wish_id": NOBODYS,
    "grant_id": NOBODYS,
    "request_id": NOBODYS,
    "proposal_id": NOBODYS,
    "token": "no-such-link",
}
RESULTS = {"plan.outcome": "OC1", "plan.note_outcome": "OC1", "plan.output": "OP1", "plan.note_output": "OP1"}


def address(app: Flask, rule: Rule, **values: object) -> str:
    """Return an address of a rule; what is not given is taken from VALUES."""
    usual = VALUES | ({"code": RESULTS[rule.endpoint]} if rule.endpoint in RESULTS else {})
    wanted = {name: values.get(name, usual[name]) for name in rule.arguments}
    with app.test_request_context():
        found = app.url_map.bind("localhost").build(rule.endpoint, wanted)
    return str(found)


def of_method(app: Flask, method: str) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]


def changes(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield endpoint and address of every route that changes something."""
    for rule in of_method(app, "POST"):
        yield rule.endpoint, address(app, rule)


def pages(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield endpoint and address of every route that reads."""
    for rule in of_method(app, "GET"):
        yield rule.endpoint, address(app, rule)
