from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.demo import site_folder
from config import Mode, from_environment, make_keys


def test_environment_has_settings_of_demonstration(tmp_path: Path) -> None:
    make_keys(tmp_path / "secrets")
    settings = from_environment(site_folder.environment(tmp_path, 8123))
    assert settings.mode is Mode.DEMO
    assert settings.database_url == f"sqlite:///{tmp_path / 'academy.sqlite'}"
    assert (settings.site_url, settings.show_drafts, settings.demo_path) == ("http://localhost:8123", True, tmp_path)


def test_take_over_replaces_environment_of_site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in (("DATABASE_URL", "postgresql://real"), ("SMTP_HOST", "mail.example.org"), ("PROXIES", "1")):
        monkeypatch.setenv(name, value)
    for name in site_folder.environment(tmp_path, 8000):
        monkeypatch.setenv(name, "before")  # so that all of them are put back afterwards
    site_folder.take_over(tmp_path, 8000)
    settings = from_environment()
    assert (settings.mail.host, settings.proxies, settings.mode) == ("", 0, Mode.DEMO)
    assert settings.database_url.startswith("sqlite:///")


def test_is_filled_is_false_for_partial_fill_or_other_code(tmp_path: Path) -> None:
    assert not site_folder.is_filled(tmp_path)
    site_folder.note_filled(tmp_path)
    assert site_folder.is_filled(tmp_path)
    (tmp_path / site_folder.FILLED).write_text("another program")
    assert not site_folder.is_filled(tmp_path)


def test_empty_leaves_other_files(tmp_path: Path) -> None:
    for name in (
        "letter.txt",
        site_folder.DATABASE,
        site_folder.FILLED,
        site_folder.DAYS,
        site_folder.WEEKS,
        site_folder.PASSWORD_FILE,
    ):
        (tmp_path / name).write_text("1")
    site_folder.empty(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_set_weeks_changes_offset_up_to_maximum(tmp_path: Path) -> None:
    assert site_folder.offset(tmp_path) == timedelta(0)
    site_folder.set_weeks(tmp_path, 2)
    assert site_folder.offset(tmp_path) == timedelta(weeks=2)
    site_folder.set_weeks(tmp_path, 10_000)
    assert site_folder.weeks(tmp_path) == site_folder.MOST_WEEKS


def test_begin_starts_in_middle_of_first_plan_year(tmp_path: Path) -> None:
    real = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    assert site_folder.begin(tmp_path, real) == datetime(2027, 7, 1, 22, 30, tzinfo=UTC)
    assert real + site_folder.begins_ahead(tmp_path) == datetime(2027, 7, 1, 22, 30, tzinfo=UTC)
    site_folder.set_weeks(tmp_path, 2)
    assert real + site_folder.begins_ahead(tmp_path) == datetime(2027, 7, 1, 22, 30, tzinfo=UTC)
    assert site_folder.offset(tmp_path) == timedelta(weeks=2)


def test_begin_uses_machine_date_when_it_is_later(tmp_path: Path) -> None:
    real = datetime(2028, 2, 3, 8, 0, tzinfo=UTC)
    assert site_folder.begin(tmp_path, real) == real
    assert site_folder.begins_ahead(tmp_path) == timedelta(0)


def test_filled_demonstration_continues_from_its_first_day(tmp_path: Path) -> None:
    site_folder.begin(tmp_path, datetime(2027, 6, 1, 8, 0, tzinfo=UTC))
    assert site_folder.begins_ahead(tmp_path) == timedelta(days=30)
    site_folder.set_weeks(tmp_path, 0)
    assert site_folder.begins_ahead(tmp_path) == timedelta(days=30), "today in the bar is this day"


def test_set_password_creates_new_password(tmp_path: Path) -> None:
    assert site_folder.password(tmp_path) == ""
    password = site_folder.set_password(tmp_path)
    assert site_folder.password(tmp_path) == password
    assert len(password) >= 15
    assert site_folder.set_password(tmp_path) != password
