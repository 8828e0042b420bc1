import os
import signal
import socket
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app import cli
from app.db.keyring import LostKeyError
from app.factory import create_app
from app.i18n import extraction
from config import SettingError, make_keys, read_keys, secrets_folder

ERROR = SettingError("cookie.key is missing")


def test_keys_are_made_before_there_are_any(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    monkeypatch.setenv("SECRETS_PATH", str(tmp_path / "secrets"))
    monkeypatch.setattr(sys, "argv", ["flask", "--app", "wsgi", "keys"])
    result = cli.without_settings(ERROR, create_app).test_cli_runner().invoke(args=["keys"])
    assert (result.exit_code, str(tmp_path / "secrets") in result.output) == (0, True)
    before = read_keys(tmp_path / "secrets")
    make_keys(secrets_folder())
    assert read_keys(tmp_path / "secrets") == before


def test_another_command_is_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    monkeypatch.setattr(sys, "argv", ["flask", "jobs"])
    with pytest.raises(click.ClickException, match="is missing"):
        cli.without_settings(ERROR, create_app)


@pytest.mark.parametrize("words", [["flask"], ["flask", "--help"]])
def test_who_asks_for_help_gets_it_before_there_are_keys(monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    monkeypatch.setattr(sys, "argv", words)
    assert "keys" in cli.without_settings(ERROR, create_app).cli.commands


def test_keys_that_cannot_be_written_or_are_open_to_others_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    monkeypatch.setattr(sys, "argv", ["flask", "keys"])
    runner = cli.without_settings(ERROR, create_app).test_cli_runner()
    (tmp_path / "file").touch()
    monkeypatch.setenv("SECRETS_PATH", str(tmp_path / "file" / "secrets"))
    result = runner.invoke(args=["keys"])
    assert (result.exit_code, "name another folder by SECRETS_PATH" in result.output) == (1, True)
    monkeypatch.setenv("SECRETS_PATH", str(tmp_path / "secrets"))
    runner.invoke(args=["keys"])
    (tmp_path / "secrets" / "index.key").chmod(0o640)
    result = runner.invoke(args=["keys"])
    assert (result.exit_code, "run `chmod 600` on it" in result.output) == (1, True)


def _told(error: BaseException, capsys: pytest.CaptureFixture[str]) -> str:
    cli.say_why(type(error), error, error.__traceback__)
    return capsys.readouterr().err


def test_what_stands_in_the_way_is_a_sentence_without_values(capsys: pytest.CaptureFixture[str]) -> None:
    away = OperationalError("SELECT mail", {"mail": "secret@example.org"}, Exception("no such table"))
    said = _told(away, capsys)
    assert said.startswith("Error: The database did not take it (OperationalError")
    assert "flask db upgrade" in said
    assert "secret" not in said
    assert "flask doctor --keys" in _told(LostKeyError("key 1"), capsys)
    assert _told(PermissionError(13, "Permission denied", "/srv/audit"), capsys).startswith("Error: /srv/audit: ")


def test_a_fault_of_the_program_shows_its_inside(capsys: pytest.CaptureFixture[str]) -> None:
    assert "ValueError: wrong" in _told(ValueError("wrong"), capsys)


def test_two_servers_do_not_share_a_port(monkeypatch: pytest.MonkeyPatch, lite_app: Flask) -> None:
    monkeypatch.setattr(cli, "PATIENCE", -2)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the web server does for its workers
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        for command in ("start", "serve"):
            result = lite_app.test_cli_runner().invoke(args=[command, "--port", port])
            assert (result.exit_code, "Does another `flask start` run?" in result.output) == (1, True)
    cli.refuse_taken("127.0.0.1", int(port))


def test_a_process_ends_when_who_began_it_was_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[int, int]] = []
    ended = threading.Event()
    parents = iter([7, 7, 1])
    monkeypatch.setattr(cli.os, "getppid", lambda: next(parents, 1))
    monkeypatch.setattr(cli.os, "kill", lambda *given: sent.append(given))
    monkeypatch.setattr(cli.os, "_exit", lambda _code: ended.set())
    monkeypatch.setattr(cli, "time", SimpleNamespace(sleep=lambda _seconds: None))
    cli.follow(7)
    assert ended.wait(5)
    assert sent == [(os.getpid(), signal.SIGTERM)]


def test_the_web_server_does_not_start_without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLASK_RUN_FROM_CLI", raising=False)
    monkeypatch.setattr(sys, "argv", ["server", "keys"])
    with pytest.raises(SettingError):
        cli.without_settings(ERROR, create_app)


def test_every_command_says_what_it_does(lite_app: Flask) -> None:
    own = {"keys", "courses", "doctor", "jobs", "serve", "start", "translations"}
    assert own <= set(lite_app.cli.commands)
    assert [name for name, command in lite_app.cli.commands.items() if not command.get_short_help_str()] == []


def _commands(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let `python -m flask --app wsgi X` be a small program that lives for X seconds, or ends with code 3."""
    (folder / "flask.py").write_text(
        "import sys, time\nword = sys.argv[-1]\nsys.exit(3) if word == 'fail' else time.sleep(float(word))\n"
    )
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setattr(cli.signal, "signal", lambda *_: None)


def test_when_one_of_two_processes_ends_so_does_the_other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _commands(monkeypatch, tmp_path)
    assert cli.run_together([["60"], ["fail"]]) == 3


def test_a_signal_ends_all_processes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _commands(monkeypatch, tmp_path)
    started = []
    popen = cli.subprocess.Popen
    monkeypatch.setattr(cli.subprocess, "Popen", lambda *a, **k: started.append(popen(*a, **k)) or started[-1])

    def stop(_seconds: float) -> None:
        raise SystemExit

    monkeypatch.setattr(cli, "time", SimpleNamespace(sleep=stop))
    assert cli.run_together([["60"], ["60"]]) == 0
    assert [process.poll() is None for process in started] == [False, False]


def test_faults_of_catalogues_are_told_one_by_one(tmp_path: Path) -> None:
    assert cli.translation_faults(tmp_path) == [
        "messages.pot is not what code and templates say: run `flask translations update`",
        "ar: no catalogue: run `flask translations update`",
        "fr: no catalogue: run `flask translations update`",
    ]
    extraction.update(tmp_path, extraction.extract(cli.SOURCES), cli.TRANSLATED)
    kinds = {fault.split(":")[1].strip() for fault in cli.translation_faults(tmp_path)}
    assert kinds == {"missing"}
