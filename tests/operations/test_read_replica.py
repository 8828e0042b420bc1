"""`flask doctor` and `/operations` say whether reports read from the replica; `tests/db/test_replica.py` runs one."""

from dataclasses import replace

import pytest
from flask import Flask

from app.access.policy import Role, Scope
from app.db.server import replica
from tests.support import factories

URL = "postgresql+psycopg://academy@replica.example.org/academy"
TLS = "sslmode=verify-full"
BEHIND = "it is 4096 bytes behind"


@pytest.fixture
def fault(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The fault of the replica: a test may change it."""
    faults = [""]
    settings = replace(app.extensions["settings"], database_url=f"{URL}?{TLS}", replica_url=f"{URL}?{TLS}")
    monkeypatch.setitem(app.extensions, "settings", settings)
    monkeypatch.setattr(replica, "fault", lambda _url: faults[0])
    return faults


def _doctor(app: Flask) -> list[str]:
    lines = app.test_cli_runner().invoke(args=["doctor"]).output.splitlines()
    return [line for line in lines if "Read replica" in line]


def _page(app: Flask) -> str:
    with app.app_context():
        person_id = factories.person(roles=(), grants=((Role.ADMINISTRATOR, Scope.ALL, ""),))
    return factories.sign_in(app, person_id).get("/operations").text


def test_replica_that_is_read_is_shown_as_up_to_date(app: Flask, fault: list[str]) -> None:
    assert _doctor(app) == ["good   Read replica: up to date. Reports read from it."]
    page = _page(app)
    assert "Read replica" in page
    assert "Reports do not read from the replica" not in page


def test_replica_that_is_not_read_is_shown_with_its_reason(app: Flask, fault: list[str]) -> None:
    fault[0] = BEHIND
    text = f"FAULT  Read replica: {BEHIND}. Reports read from the primary database until then."
    assert _doctor(app) == [text]
    page = _page(app)
    assert "Reports do not read from the replica" in page
    assert BEHIND in page
    assert "replica.example.org" not in page


def test_site_without_replica_shows_none(app: Flask) -> None:
    assert _doctor(app) == []
    assert "eplica" not in _page(app)
