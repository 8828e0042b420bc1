import sys
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from flask import Flask

from app import cli
from app.i18n import extraction
from config import SettingError, make_keys, read_keys, secrets_folder

ERROR = SettingError("cookie.key is missing")


def test_keys_are_made_before_there_are_any(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    monkeypatch.setenv("SECRETS_PATH", str(tmp_path / "secrets"))
    monkeypatch.setattr(sys, "argv", ["flask", "--app", "wsgi", "keys"])
    result = cli.without_settings(ERROR).test_cli_runner().invoke(args=["keys"])
    assert (result.exit_code, str(tmp_path / "secrets") in result.output) == (0, True)
    before = read_keys(tmp_path / "secrets")
    make_keys(secrets_folder())
    assert read_keys(tmp_path / "secrets") == before


def test_another_command_is_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    monkeypatch.setattr(sys, "argv", ["flask", "jobs"])
    with pytest.raises(click.ClickException, match="is missing"):
        cli.without_settings(ERROR)


def test_the_web_server_does_not_start_without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLASK_RUN_FROM_CLI", raising=False)
    monkeypatch.setattr(sys, "argv", ["server", "keys"])
    with pytest.raises(SettingError):
        cli.without_settings(ERROR)


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
