"""`flask doctor` and `/operations` say whether reports read from the replica; `tests/db/test_replica.py` runs one."""

from dataclasses import replace

import pytest
from flask import Flask

from app.access.policy import Role, Scope
from app.db.server import replica
from app.db.server.replica import ReplicaState
from tests.support import factories

URL = "postgresql+psycopg://academy@replica.example.org/academy"
TLS = "sslmode=verify-full"
STAYS_BEHIND = "it is 4096 bytes behind after 30 seconds"
NO_ANSWER = "it does not answer: OperationalError"


class Replica:
    """The state of the replica, which a test may change, and how long each check waits."""

    def __init__(self) -> None:
        self.state = ReplicaState("")
        self.waits: list[float] = []

    def check(self, _url: str, patience: float) -> ReplicaState:
        self.waits.append(patience)
        return self.state


@pytest.fixture
def standby(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Replica:
    settings = replace(app.extensions["settings"], database_url=f"{URL}?{TLS}", replica_url=f"{URL}?{TLS}")
    monkeypatch.setitem(app.extensions, "settings", settings)
    standby = Replica()
    monkeypatch.setattr(replica, "state", standby.check)
    return standby


def _doctor(app: Flask) -> list[str]:
    lines = app.test_cli_runner().invoke(args=["doctor"]).output.splitlines()
    return [line for line in lines if "Read replica" in line]


def _page(app: Flask) -> str:
    with app.app_context():
        person_id = factories.person(roles=(), grants=((Role.ADMINISTRATOR, Scope.ALL, ""),))
    return factories.sign_in(app, person_id).get("/operations").text


def test_replica_that_is_read_is_shown_as_up_to_date(app: Flask, standby: Replica) -> None:
    assert _doctor(app) == ["good   Read replica: up to date. Reports read from it."]
    page = _page(app)
    assert "Read replica" in page
    assert "Reports do not read from the replica" not in page


def test_replica_that_cannot_be_read_is_shown_with_its_reason(app: Flask, standby: Replica) -> None:
    standby.state = ReplicaState(NO_ANSWER)
    assert _doctor(app) == [f"FAULT  Read replica: {NO_ANSWER}. Reports read from the primary database."]
    page = _page(app)
    assert "Reports do not read from the replica" in page
    assert NO_ANSWER in page
    assert "replica.example.org" not in page


def test_replica_that_stays_behind_is_a_fault_of_doctor_and_of_the_page(app: Flask, standby: Replica) -> None:
    standby.state = ReplicaState(STAYS_BEHIND, 4096)
    assert _doctor(app) == [f"FAULT  Read replica: {STAYS_BEHIND}. Reports read from the primary database."]
    page = _page(app)
    assert "Reports do not read from the replica" in page
    assert STAYS_BEHIND in page
    assert standby.waits == [replica.PATIENCE, replica.SHORT_PATIENCE]


def test_replica_that_is_behind_for_a_short_time_is_no_fault_of_the_page(app: Flask, standby: Replica) -> None:
    standby.state = ReplicaState("", 4096)
    page = _page(app)
    assert "Reports wait for it for a short time, then read from the primary database." in page
    assert "Reports do not read from the replica" not in page


def test_site_without_replica_shows_none(app: Flask) -> None:
    assert _doctor(app) == []
    assert "eplica" not in _page(app)
