"""Learners answer while the site is restarted, or upgraded from the first revision: no acknowledged answer is lost."""

import json
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from flask_migrate import downgrade, stamp

from app.backup.commands.upgrade import refuse_other_tables
from tests.soak import learners
from tests.soak.ground import Ground
from tests.soak.learners import AWAY, PAUSE, Learner
from tests.support import forked_commands, migrated_sites
from tests.support.examples import FULL
from tests.support.forked_commands import ForkedServer
from tests.support.settings import LITE, POSTGRES

# `make soak` has more learners, restarts each web process twice, upgrades from the first revision, and does both on
# each database
LEARNERS = 32 if FULL else 8
ROUNDS = 2 if FULL else 1
RESTARTED = [LITE, POSTGRES] if FULL else [POSTGRES]
BEFORE = "0001" if FULL else "0050"  # the tables that are upgraded
UPGRADED = [LITE, POSTGRES] if FULL else [LITE]

pytestmark = pytest.mark.soak


class ProxiedLearner(Learner):
    """A learner behind a proxy that sends each request to one of two web processes, to the other if one is away."""

    ports: Sequence[int] = ()

    def save_until_kept(self, answer: Mapping[str, object], stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                if self.save(answer):
                    return
            except AWAY:
                self.repeats += 1
                self._go_to_other()
            time.sleep(PAUSE)

    def _go_to_other(self) -> None:
        self.visit.close()
        self.visit.port = next(port for port in self.ports if port != self.visit.port)


def _settle(ground: Ground, count: int, ports: Sequence[int]) -> list[Learner]:
    """Let learners begin, half of them at each port."""
    people: list[Learner] = []
    for number, (person_id, _name) in enumerate(ground.people(count)):
        learner = ProxiedLearner(ground, person_id, ports[number % len(ports)])
        learner.ports = ports
        people.append(learner)
    return people


@pytest.mark.parametrize("ground", RESTARTED, indirect=True)
def test_rolling_restart_of_two_web_processes_loses_no_answer_and_shows_no_error(ground: Ground) -> None:
    with (
        ForkedServer(ground.folder, ground.url, workers=1) as first,
        ForkedServer(ground.folder, ground.url, workers=1) as second,
    ):
        people = _settle(ground, LEARNERS, (first.port, second.port))

        def restart(number: int) -> None:
            server = (first, second)[number % 2]
            server.stop()
            server.start()

        learners.write_while(people, 2 * ROUNDS, restart, more=lambda: 2 * LEARNERS)
    assert sum(learner.repeats for learner in people) > 0, "no learner noticed a restart"
    assert learners.lost(ground, people) == []
    assert [learner.strange for learner in people if learner.strange] == []
    assert _fault_lines(first.log) == []


@pytest.mark.parametrize("ground", UPGRADED, indirect=True)
def test_upgrade_from_an_earlier_revision_loses_no_answer(ground: Ground) -> None:
    with ground.app.app_context():
        stamp()
        migrated_sites.disconnect()
    server = ForkedServer(ground.folder, ground.url)
    with server:
        people = learners.settle(ground, LEARNERS, server.port)
        learners.write_while(people, 1, lambda _number: _upgrade(ground, server), more=lambda: 2 * LEARNERS)
    assert sum(learner.repeats for learner in people) > 0, "no learner noticed the upgrade"
    assert learners.lost(ground, people) == []
    assert [learner.strange for learner in people if learner.strange] == []


def _fault_lines(log: Path) -> list[str]:
    """Return the lines of a log that are no JSON object, or that report an error page."""
    return [line for line in log.read_text().splitlines() if json.loads(line).get("status", 200) >= 500]


def _upgrade(ground: Ground, server: ForkedServer) -> None:
    """Stop the site, give it the tables of an earlier revision, and upgrade it as an operator does."""
    server.stop()
    with ground.app.app_context():
        downgrade(revision=BEFORE)
        migrated_sites.disconnect()
    _code, refused = forked_commands.run(server.settings, "serve", "--port", str(server.port))
    assert "Run `flask upgrade`" in refused
    code, upgraded = forked_commands.run(server.settings, "upgrade")
    assert code == 0, upgraded
    server.start()
    with ground.app.app_context():
        refuse_other_tables()
