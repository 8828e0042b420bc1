import os
import shutil
import sys
from pathlib import Path

import click
import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app import cli
from app.db.keyring import LostKeyError
from app.factory import create_app
from app.i18n import extraction
from config import SettingError, make_keys, read_keys, secrets_folder
from tests.support import forked_commands

ERROR = SettingError("cookie.key is missing")
COURSES = Path(__file__).parent / "catalogue" / "courses"


def test_keys_command_needs_no_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    monkeypatch.setenv("SECRETS_PATH", str(tmp_path / "secrets"))
    monkeypatch.setattr(sys, "argv", ["flask", "--app", "wsgi", "keys"])
    result = cli.without_settings(ERROR, create_app).test_cli_runner().invoke(args=["keys"])
    assert (result.exit_code, str(tmp_path / "secrets") in result.output) == (0, True)
    before = read_keys(tmp_path / "secrets")
    make_keys(secrets_folder())
    assert read_keys(tmp_path / "secrets") == before


def test_other_command_without_keys_reports_missing_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    monkeypatch.setattr(sys, "argv", ["flask", "jobs"])
    with pytest.raises(click.ClickException, match="is missing"):
        cli.without_settings(ERROR, create_app)


@pytest.mark.parametrize(
    "words",
    ["", "--help", "--app wsgi --help", "courses --help", "courses load --help", "courses follow a.md", "demo"],
)
def test_help_names_all_commands_without_keys(monkeypatch: pytest.MonkeyPatch, lite_app: Flask, words: str) -> None:
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    monkeypatch.setattr(sys, "argv", ["flask", *words.split()])
    assert cli.without_settings(ERROR, create_app).cli.commands.keys() == lite_app.cli.commands.keys()


@pytest.mark.parametrize("words", ["courses load check", "courses table", "people courses check"])
def test_command_that_needs_settings_is_refused_without_keys(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    monkeypatch.setattr(sys, "argv", ["flask", *words.split()])
    with pytest.raises(click.ClickException, match="is missing"):
        cli.without_settings(ERROR, create_app)


def test_help_and_course_check_create_nothing_without_keys(tmp_path: Path) -> None:
    home = tmp_path / "site"
    places = {name: str(home / name) for name in ("SECRETS_PATH", "MEDIA_PATH", "AUDIT_PATH", "DEMO_PATH")}
    environment = os.environ | places | {"DATABASE_URL": f"sqlite:///{home / 'academy.sqlite'}"}
    for words in (["--help"], ["courses", "check", str(COURSES / "harbour-watch")]):
        code, output = forked_commands.run(environment, *words)
        assert code == 0, output
    assert output.startswith("harbour-watch: 0 mistakes")
    assert list(tmp_path.iterdir()) == []


def _check(monkeypatch: pytest.MonkeyPatch, *folders: Path) -> tuple[int, str]:
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    monkeypatch.setattr(sys, "argv", ["flask", "courses", "check"])
    runner = cli.without_settings(ERROR, create_app).test_cli_runner()
    result = runner.invoke(args=["courses", "check", "--no-warnings", *map(str, folders)])
    return result.exit_code, result.output


def test_course_check_accepts_single_courses_and_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    course = COURSES / "harbour-watch"
    code, output = _check(monkeypatch, course, COURSES)
    assert code == 0, output
    assert "harbour-watch: 0 mistakes" in output
    # a course checked alone refers to courses of the site; its problems name the folder of the course
    alone = tmp_path / "harbour-watch"
    shutil.copytree(course, alone)
    monkeypatch.setenv("COURSES_PATHS", str(COURSES))
    assert _check(monkeypatch, alone)[0] == 0
    toml = alone / "course.toml"
    toml.write_text(toml.read_text("utf-8").replace("title", "titel", 1) + '\nunknown = "x"\n', "utf-8")
    code, output = _check(monkeypatch, alone, course)
    assert code == 1
    assert "harbour-watch/course.toml:" in output
    (alone / "link").symlink_to(toml)
    assert "This is a symbolic link." in _check(monkeypatch, alone)[1]


def test_unwritable_or_readable_keys_are_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
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


def test_expected_error_prints_message_without_values(capsys: pytest.CaptureFixture[str]) -> None:
    away = OperationalError("SELECT mail", {"mail": "secret@example.org"}, Exception("no such table"))
    said = _told(away, capsys)
    assert said.startswith("Error: The database did not take it (OperationalError")
    assert "flask upgrade" in said
    assert "secret" not in said
    assert "flask doctor --keys" in _told(LostKeyError("key 1"), capsys)
    assert _told(PermissionError(13, "Permission denied", "/srv/audit"), capsys).startswith("Error: /srv/audit: ")


def test_unexpected_error_prints_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert "ValueError: wrong" in _told(ValueError("wrong"), capsys)


def test_web_server_does_not_start_without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLASK_RUN_FROM_CLI", raising=False)
    monkeypatch.setattr(sys, "argv", ["server", "keys"])
    with pytest.raises(SettingError):
        cli.without_settings(ERROR, create_app)


def test_every_command_has_help(lite_app: Flask) -> None:
    own = {"keys", "courses", "doctor", "jobs", "serve", "start", "translations"}
    assert own <= set(lite_app.cli.commands)
    assert [name for name, command in lite_app.cli.commands.items() if not command.get_short_help_str()] == []


def test_missing_and_stale_catalogues_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    template = extraction.extract(cli.SOURCES / "settings")
    monkeypatch.setattr(extraction, "extract", lambda _sources: template)
    assert cli.translation_faults(tmp_path) == [
        "messages.pot is not what code and templates say: run `flask translations update`",
        "ar: no catalogue: run `flask translations update`",
        "fr: no catalogue: run `flask translations update`",
    ]
    extraction.update(tmp_path, template, cli.TRANSLATED)
    kinds = {fault.split(":")[1].strip() for fault in cli.translation_faults(tmp_path)}
    assert kinds == {"missing"}
