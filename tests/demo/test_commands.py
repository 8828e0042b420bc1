import json
import socket
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from app.demo import commands, demo_folder
from app.demo.history import library
from app.processes import Program
from config import Mode


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Sequence[str]]:
    """Replace the long work of the demonstration. Returns the commands that would be started, in order."""
    found: list[Sequence[str]] = []
    monkeypatch.setenv("DEMO_PATH", str(tmp_path))
    for name in demo_folder.environment(tmp_path, 1):
        monkeypatch.setenv(name, str(tmp_path) if name == "DEMO_PATH" else "before")
    monkeypatch.setattr(commands, "_greet", lambda _port: None)
    monkeypatch.setattr(commands, "_answers", lambda _port: False)
    monkeypatch.setattr(
        commands, "subprocess", SimpleNamespace(run=lambda c, check: found.append(c) or SimpleNamespace(returncode=0))
    )
    return found


def _demo(started: list[Sequence[str]], *args: str) -> Result:
    def run_together(many: Sequence[Program]) -> int:
        started.extend(program.command for program in many)
        return 0

    return CliRunner().invoke(commands.demo_command(run_together), list(args))


def _names(started: list[Sequence[str]]) -> list[str]:
    return ["fill" if command[-1] == "fill-demo" else command[0] for command in started]


def test_first_start_fills_and_serves(started: list[Sequence[str]], tmp_path: Path) -> None:
    assert _demo(started).exit_code == 0
    assert _names(started) == ["fill", "serve", "jobs"]
    assert started[1][1:3] == ("--host", "127.0.0.1")
    assert (tmp_path / "secrets" / "cookie.key").exists()


def test_second_start_serves_without_filling(started: list[Sequence[str]], tmp_path: Path) -> None:
    demo_folder.note_filled(tmp_path)
    _demo(started)
    assert _names(started) == ["serve", "jobs"]


def test_fresh_removes_database_and_fills(started: list[Sequence[str]], tmp_path: Path) -> None:
    demo_folder.note_filled(tmp_path)
    (tmp_path / demo_folder.DATABASE).write_text("old")
    _demo(started, "--fresh")
    assert _names(started) == ["fill", "serve", "jobs"]
    assert not (tmp_path / demo_folder.DATABASE).exists()


@pytest.mark.parametrize("theirs", [demo_folder.DATABASE, "audit/00000001.json"])
@pytest.mark.parametrize("args", [(), ("--fresh",)])
def test_folder_of_site_is_refused_and_unchanged(
    started: list[Sequence[str]], tmp_path: Path, theirs: str, args: tuple[str, ...]
) -> None:
    (tmp_path / theirs).parent.mkdir(exist_ok=True)
    (tmp_path / theirs).write_text("of a site")
    answer = _demo(started, *args)
    assert (answer.exit_code, started) == (1, [])
    assert "is the folder of a site" in answer.output
    assert (tmp_path / theirs).read_text() == "of a site"
    assert not (tmp_path / "secrets").exists()


def test_default_folder_of_sites_is_refused(
    started: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(demo_folder, "ROOT", tmp_path)
    monkeypatch.setenv("DEMO_PATH", str(tmp_path / "instance"))
    answer = _demo(started)
    assert (answer.exit_code, started, list(tmp_path.iterdir())) == (1, [], [])


def test_interrupted_demonstration_is_filled_again(started: list[Sequence[str]], tmp_path: Path) -> None:
    _demo(started)
    (tmp_path / demo_folder.DATABASE).write_text("half")
    started.clear()
    assert _demo(started).exit_code == 0
    assert _names(started) == ["fill", "serve", "jobs"]
    assert not (tmp_path / demo_folder.DATABASE).exists()


def test_failed_fill_starts_no_server(started: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "subprocess", SimpleNamespace(run=lambda *a, **k: SimpleNamespace(returncode=7)))
    assert _demo(started).exit_code == 7
    assert started == []


def test_taken_port_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DEMO_PATH", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = _demo([], "--port", str(port))
    assert result.exit_code == 1
    assert f"Port {port} is taken." in result.output
    assert list(tmp_path.iterdir()) == []


def test_addresses_are_those_of_the_handbook() -> None:
    text = commands.ADDRESSES.format(site="http://localhost:8000")
    assert "COLEP Academy demo   http://localhost:8000        (Ctrl+C stops; flask demo --fresh starts again)" in text
    for path in ("practitioner", "trainer", "contact-point", "coordinator"):
        assert f"/demo/{path}" in text


def test_populate_writes_file_for_owner_only(lite_app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(library, "render", lambda _folders: [])
    out = tmp_path / "accounts.json"
    runner = lite_app.test_cli_runner()
    result = runner.invoke(args=["populate", "--people", "3", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert len(json.loads(out.read_text())["people"]) > 3
    assert out.stat().st_mode & 0o077 == 0
    again = runner.invoke(args=["populate", "--people", "3", "--out", str(out)])
    assert (again.exit_code, "empty one" in again.output) == (1, True)
    assert runner.invoke(args=["check-invariants"]).output.endswith("0 faults\n")


@pytest.mark.parametrize("mode", [Mode.LIVE, Mode.TEST])
def test_fill_is_refused_outside_demo_mode(lite_app: Flask, monkeypatch: pytest.MonkeyPatch, mode: Mode) -> None:
    def never(*_given: object) -> None:
        raise AssertionError("the database was filled")

    monkeypatch.setattr(commands, "relax_durability", never)
    monkeypatch.setitem(lite_app.extensions, "settings", replace(lite_app.extensions["settings"], mode=mode))
    answer = lite_app.test_cli_runner().invoke(args=["fill-demo"])
    assert (answer.exit_code, answer.exception.__class__) == (1, SystemExit)
    assert "flask demo" in answer.output
