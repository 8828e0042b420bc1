import hashlib
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.audit.domain import checkpoints
from app.audit.domain.chain import GENESIS, ChainEntry, ChainFault, ChainHead, FaultKind, faults, link
from app.audit.domain.checkpoints import Checkpoint
from tests.support.settings import NOW

SECRET = b"s" * 32
KEYS = {"1": checkpoints.public_key(SECRET)}
Trail = list[tuple[ChainEntry, bytes]]


def _trail(count: int) -> Trail:
    made: Trail = []
    before = GENESIS
    for number in range(1, count + 1):
        line = ChainEntry(number, NOW + timedelta(seconds=number), "Event", uuid4(), "r", None, uuid4(), "IQ", "{}")
        before = link(before, line)
        made.append((line, before))
    return made


def _chained(lines: list[ChainEntry]) -> Trail:
    made: Trail = []
    before = GENESIS
    for line in lines:
        before = link(before, line)
        made.append((line, before))
    return made


def _first(trail: Trail, head: ChainHead, marks: dict[int, set[bytes]] | None = None) -> ChainFault | None:
    return next(faults(trail, head, marks or {}), None)


def test_an_intact_trail_has_no_fault() -> None:
    for count in (0, 1, 5):
        trail = _trail(count)
        end = trail[-1][1] if trail else GENESIS
        assert _first(trail, ChainHead(count, end), {count: {end}} if count else {}) is None


def test_hash_follows_the_documented_rule() -> None:
    person = UUID("00000000-0000-4000-8000-000000000001")
    line = ChainEntry(1, NOW, "SignedIn", person, "abc", person, None, "IQ", '{"person_id":"x"}')
    written = (
        '[1,"2027-03-01T09:00:00Z","SignedIn","00000000-0000-4000-8000-000000000001","abc",'
        '"00000000-0000-4000-8000-000000000001",null,"IQ","{\\"person_id\\":\\"x\\"}"]'
    )
    assert link(GENESIS, line) == hashlib.sha256(bytes(32) + written.encode()).digest()


@pytest.mark.parametrize("number", [1, 2, 4, 5])
def test_a_removed_entry_is_named(number: int) -> None:
    trail = _trail(5)
    end = trail[-1][1]
    del trail[number - 1]
    assert _first(trail, ChainHead(5, end)) == ChainFault(FaultKind.MISSING, number)


def test_an_entry_behind_the_end_is_named() -> None:
    trail = _trail(5)
    assert _first(trail, ChainHead(5, trail[-1][1], beyond=6)) == ChainFault(FaultKind.ADDED, 6)


def test_an_entry_before_the_first_is_named() -> None:
    trail = _trail(3)
    added = (trail[0][0]._replace(id=0), trail[0][1])
    assert _first([added, *trail], ChainHead(3, trail[-1][1])) == ChainFault(FaultKind.ADDED, 0)


def test_cut_or_rewritten_chain_is_found_by_a_checkpoint() -> None:
    trail = _trail(5)
    marks = {4: {trail[3][1]}}
    cut = trail[:3]
    assert _first(cut, ChainHead(3, cut[-1][1])) is None
    assert _first(cut, ChainHead(3, cut[-1][1]), marks) == ChainFault(FaultKind.MISSING, 4)
    rewritten = _chained([trail[0][0]._replace(name="Other"), *(line for line, _hash in trail[1:])])
    assert _first(rewritten, ChainHead(5, rewritten[-1][1])) is None
    assert _first(rewritten, ChainHead(5, rewritten[-1][1]), marks) == ChainFault(FaultKind.REWRITTEN, 4)


def _checkpoint() -> Checkpoint:
    return checkpoints.sign(SECRET, "1", last_id=7, hash_=b"h" * 32, count=7, at=NOW)


def test_changed_checkpoint_is_not_genuine() -> None:
    made = _checkpoint()
    assert checkpoints.is_genuine(made, KEYS)
    changed: list[dict[str, object]] = [
        {"last_id": 8},
        {"hash": b"g" * 32},
        {"count": 8},
        {"at": NOW + timedelta(microseconds=1)},
        {"key_id": "2"},
        {"signature": bytes(64)},
    ]
    for one in changed:
        other = replace(made, **one)  # type: ignore[arg-type]
        assert not checkpoints.is_genuine(other, KEYS | {"2": checkpoints.public_key(b"t" * 32)})


def test_every_changed_character_of_a_file_is_found() -> None:
    content = checkpoints.to_file(_checkpoint())
    assert checkpoints.from_file(content) == _checkpoint()
    for place in range(len(content)):
        for other in (b"0", b"a", b"Z", b" "):
            changed = content[:place] + other + content[place + 1 :]
            if changed == content:
                continue
            try:
                found = checkpoints.from_file(changed)
            except ValueError:
                continue
            assert not checkpoints.is_genuine(found, KEYS), changed
