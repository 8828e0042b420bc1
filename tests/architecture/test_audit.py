from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from app.access.public import UNAUDITED
from app.db.session import db
from tests.support import routes, sites
from tests.support.audit_log import AuditStep, entries_since, last_entry

TESTS = Path(__file__).parents[1]


def _steps() -> Iterator[tuple[str, AuditStep]]:
    """Yield the audit steps of each package: the endpoint, perhaps with a word for a second step, and the step."""
    for path in sorted(TESTS.glob("*/audit_steps.py")):
        yield from import_module(f"tests.{path.parent.name}.audit_steps").STEPS.items()


STEPS = list(_steps())


def test_each_change_has_one_audit_step_or_a_reason_for_none(lite_app: Flask) -> None:
    changes = {rule.endpoint for rule in routes.of_method(lite_app, "POST")}
    views = lite_app.view_functions
    unaudited = {name for name in changes if not getattr(views[name], "audited", True)} | set(UNAUDITED)
    tried = {name.partition(" ")[0] for name, _step in STEPS}
    assert len(dict(STEPS)) == len(STEPS)
    assert changes == tried | unaudited
    assert tried & unaudited == set()


@pytest.mark.parametrize(("name", "step"), STEPS, ids=[name for name, _step in STEPS])
def test_each_change_leaves_an_audit_entry(lite_app: Flask, name: str, step: AuditStep) -> None:
    site = sites.make(lite_app)
    if step.prepare is not None:
        step.prepare(site)
    client = site.client(step.by or "anonymous")
    before = last_entry(lite_app)
    step.run(site, client)
    rows = [row for row in entries_since(lite_app, before) if row.name in step.events]
    assert {row.name for row in rows} == step.events
    assert all(row.request_id for row in rows)
    if step.by is not None:
        assert {row.actor_id for row in rows} == {site.people[step.by]}


def test_reading_writes_nothing(lite_app: Flask) -> None:
    site = sites.make(lite_app)
    client = site.client("owner")
    before = _everything(lite_app)
    values = {"attempt": site.done.ended_attempt, "playthrough": site.done.ended_case, "digest": site.picture}
    values["workshop_id"] = site.workshops["seat"]
    for rule in routes.of_method(lite_app, "GET"):
        assert client.get(routes.address(lite_app, rule, **values)).status_code < 500, rule.rule
    assert _everything(lite_app) == before


def test_the_trail_holds_no_name_or_address(lite_app: Flask) -> None:
    site = sites.make(lite_app)
    sites.post(lite_app, lite_app.test_client(), "/sign-in", {"name": "secret@example.org", "password": "secret words"})
    sites.post(lite_app, site.client("owner"), "/settings", {"language": "ar", "name": "secret"})
    facts = " ".join(row.facts for row in entries_since(lite_app, 0))
    assert not any(word in facts for word in ("example.org", "secret", "Test Person", "127.0.0.1"))


def test_a_request_that_fails_leaves_no_row(lite_app: Flask) -> None:
    site = sites.make(lite_app)
    before = last_entry(lite_app)
    sites.post(lite_app, site.client("colleague"), f"/attempts/{site.done.open_attempt}/hand-in")
    sites.post(lite_app, site.client("owner"), f"/cases/{uuid4()}/choice", {"step": "1", "move": "0"})
    assert entries_since(lite_app, before) == []


def _everything(app: Flask) -> dict[str, list[str]]:
    with app.app_context(), db.engine.connect() as connection:
        return {
            name: sorted(repr(tuple(row)) for row in connection.execute(table.select()))
            for name, table in db.metadata.tables.items()
        }
