"""Badges checked offline: changed bytes, unknown keys, ended credentials, pictures, and the command."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings, strategies as st

from app.credentials.commands import credentials as command
from app.credentials.domain import baking, checking, credentials, multibase, status_lists
from app.credentials.domain.checking import CheckResult
from app.credentials.domain.signing_keys import public_half
from app.credentials.service import pictures
from tests.support.signed_badges import INDEX, ISSUER, LIST, MOMENT, SEED, document, signed

OTHER = b"o" * 32
KEY = multibase.public_key_text(public_half(SEED))
OTHER_KEY = multibase.public_key_text(public_half(OTHER))
KEYS = {"": public_half(SEED)}


@cache
def _badge() -> bytes:
    return signed(document())


def _list(*positions: int, seed: bytes = SEED, address: str = LIST) -> bytes:
    encoded = status_lists.encode(positions)
    return signed(credentials.status_list_credential(address, issuer=ISSUER, issued_at=MOMENT, encoded=encoded), seed)


def test_badge_is_genuine_in_each_kind_of_file() -> None:
    text = _badge().decode()
    files = (_badge(), baking.bake_png(pictures.png(), text), baking.bake_svg(pictures.SVG, text).encode())
    assert [checking.check(file, KEYS) for file in files] == [CheckResult.GENUINE] * 3
    assert [checking.read_file(file) for file in files] == [text] * 3


@settings(max_examples=40, deadline=None)
@given(st.integers(min_value=0), st.integers(min_value=1, max_value=127))
def test_badge_with_any_changed_byte_is_refused(position: int, change: int) -> None:
    content = bytearray(_badge())
    content[position % len(content)] ^= change
    assert checking.check(bytes(content), KEYS) in {
        CheckResult.CHANGED, CheckResult.NO_BADGE, CheckResult.UNKNOWN_KEY,
    }  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        lambda badge: badge.update(note="x"),
        lambda badge: badge["type"].append("AnotherCredential"),
        lambda badge: badge["credentialSubject"].update(role="trainer"),
        lambda badge: badge["credentialSubject"]["achievement"].update(name="M02 Basics"),
        lambda badge: badge["credentialStatus"].update(statusListIndex="78"),
    ],
)
def test_badge_with_changed_or_added_part_is_refused(change: Any) -> None:
    badge = json.loads(_badge())
    change(badge)
    assert checking.check(json.dumps(badge).encode(), KEYS) is CheckResult.CHANGED


def test_badge_of_another_key_names_an_unknown_key() -> None:
    assert checking.check(signed(document(), OTHER), KEYS) is CheckResult.UNKNOWN_KEY


def test_badge_signed_by_another_key_under_this_name_is_changed() -> None:
    badge = json.loads(signed(document(), OTHER))
    badge["proof"]["verificationMethod"] = f"{ISSUER}#{KEY}"
    assert checking.check(json.dumps(badge).encode(), KEYS) is CheckResult.CHANGED


def test_issuer_document_gives_keys_of_before_a_rotation() -> None:
    profile = credentials.issuer_profile(
        ISSUER, name="COLEP Academy", site="https://academy.example", keys={OTHER_KEY: OTHER_KEY, KEY: KEY}
    )
    keys = checking.public_keys(json.dumps(profile))
    assert [checking.check(signed(document(), seed), keys) for seed in (SEED, OTHER)] == [CheckResult.GENUINE] * 2


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (_list(INDEX), CheckResult.ENDED),
        (_list(INDEX - 1, INDEX + 1), CheckResult.VALID),
        (_list(seed=OTHER), CheckResult.WRONG_LIST),
        (_list(address=f"{LIST}0"), CheckResult.WRONG_LIST),
        (_list(INDEX).replace(b'"u', b'"v', 1), CheckResult.WRONG_LIST),
        (b"{}", CheckResult.WRONG_LIST),
    ],
)
def test_status_list_decides_whether_a_genuine_badge_ended(content: bytes, expected: CheckResult) -> None:
    assert checking.check(_badge(), KEYS, content) is expected


@given(st.sets(st.integers(min_value=0, max_value=status_lists.LENGTH - 1), max_size=20), st.data())
def test_status_list_has_exactly_the_set_positions(positions: set[int], data: st.DataObject) -> None:
    encoded = status_lists.encode(positions)
    asked = data.draw(st.integers(min_value=0, max_value=status_lists.LENGTH - 1))
    assert status_lists.is_set(encoded, asked) == (asked in positions)
    assert all(status_lists.is_set(encoded, position) for position in positions)


def test_png_is_baked_once_and_a_damaged_one_is_refused() -> None:
    baked = baking.bake_png(baking.bake_png(pictures.png(), "first"), "second")
    assert baking.read_png(baked) == "second"
    damaged = baked.replace(b"second", b"secont")
    assert checking.read_file(damaged) is None
    assert checking.read_file(pictures.png()) is None


def test_svg_with_doctype_is_refused() -> None:
    picture = baking.bake_svg(pictures.SVG, "text").encode()
    assert baking.read_svg(picture) == "text"
    with pytest.raises(baking.NotBakedError):
        baking.read_svg(b'<!DOCTYPE svg [<!ENTITY a "b">]>' + picture)


@pytest.mark.parametrize(
    ("content", "key", "begins", "code"),
    [
        (_badge(), KEY, "Genuine", 0),
        (_badge().replace(b"Rana", b"Rama"), KEY, "Changed", 1),
        (_badge(), OTHER_KEY, "Unknown key", 1),
        (b"nothing", KEY, "No credential", 1),
        (_badge(), "z6Mkwrong", "Error: --key", 1),
    ],
)
def test_command_names_each_result(tmp_path: Path, content: bytes, key: str, begins: str, code: int) -> None:
    file = tmp_path / "badge.json"
    file.write_bytes(content)
    result = CliRunner().invoke(command, ["check", str(file), "--key", key])
    assert (result.output.startswith(begins), result.exit_code) == (True, code)


def test_command_says_that_a_listed_badge_was_revoked(tmp_path: Path) -> None:
    file, status = tmp_path / "badge.json", tmp_path / "status.json"
    file.write_bytes(_badge())
    status.write_bytes(_list(INDEX))
    result = CliRunner().invoke(command, ["check", str(file), "--key", KEY, "--status", str(status)])
    assert (result.output.startswith("Revoked or replaced"), result.exit_code) == (True, 1)
