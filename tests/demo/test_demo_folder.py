from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.demo import demo_folder
from config import Mode, from_environment, make_keys


def test_environment_has_settings_of_demonstration(tmp_path: Path) -> None:
    make_keys(tmp_path / "secrets")
    settings = from_environment(demo_folder.environment(tmp_path, 8123))
    assert settings.mode is Mode.DEMO
    assert settings.database_url == f"sqlite:///{tmp_path / 'academy.sqlite'}"
    assert (settings.site_url, settings.show_drafts, settings.demo_path) == ("http://localhost:8123", True, tmp_path)


def test_take_over_replaces_environment_of_site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in (("DATABASE_URL", "postgresql://real"), ("SMTP_HOST", "mail.example.org"), ("PROXIES", "1")):
        monkeypatch.setenv(name, value)
    for name in demo_folder.environment(tmp_path, 8000):
        monkeypatch.setenv(name, "before")  # so that all of them are put back afterwards
    demo_folder.take_over(tmp_path, 8000)
    settings = from_environment()
    assert (settings.mail.host, settings.proxies, settings.mode) == ("", 0, Mode.DEMO)
    assert settings.database_url.startswith("sqlite:///")


def test_is_filled_is_false_for_partial_fill_or_other_code(tmp_path: Path) -> None:
    assert not demo_folder.is_filled(tmp_path)
    demo_folder.note_filled(tmp_path)
    assert demo_folder.is_filled(tmp_path)
    (tmp_path / demo_folder.FILLED).write_text("another program")
    assert not demo_folder.is_filled(tmp_path)


def test_empty_leaves_other_files(tmp_path: Path) -> None:
    for name in (
        "letter.txt",
        demo_folder.DATABASE,
        demo_folder.FILLED,
        demo_folder.DAYS,
        demo_folder.WEEKS,
        demo_folder.PASSWORD_FILE,
    ):
        (tmp_path / name).write_text("1")
    demo_folder.empty(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_set_weeks_changes_offset_up_to_maximum(tmp_path: Path) -> None:
    assert demo_folder.offset(tmp_path) == timedelta(0)
    demo_folder.set_weeks(tmp_path, 2)
    assert demo_folder.offset(tmp_path) == timedelta(weeks=2)
    demo_folder.set_weeks(tmp_path, 10_000)
    assert demo_folder.weeks(tmp_path) == demo_folder.MOST_WEEKS


def test_begin_starts_in_middle_of_first_plan_year(tmp_path: Path) -> None:
    real = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    assert demo_folder.begin(tmp_path, real) == datetime(2027, 7, 1, 22, 30, tzinfo=UTC)
    assert real + demo_folder.begins_ahead(tmp_path) == datetime(2027, 7, 1, 22, 30, tzinfo=UTC)
    demo_folder.set_weeks(tmp_path, 2)
    assert real + demo_folder.begins_ahead(tmp_path) == datetime(2027, 7, 1, 22, 30, tzinfo=UTC)
    assert demo_folder.offset(tmp_path) == timedelta(weeks=2)


def test_begin_uses_machine_date_when_it_is_later(tmp_path: Path) -> None:
    real = datetime(2028, 2, 3, 8, 0, tzinfo=UTC)
    assert demo_folder.begin(tmp_path, real) == real
    assert demo_folder.begins_ahead(tmp_path) == timedelta(0)


def test_filled_demonstration_continues_from_its_first_day(tmp_path: Path) -> None:
    demo_folder.begin(tmp_path, datetime(2027, 6, 1, 8, 0, tzinfo=UTC))
    assert demo_folder.begins_ahead(tmp_path) == timedelta(days=30)
    demo_folder.set_weeks(tmp_path, 0)
    assert demo_folder.begins_ahead(tmp_path) == timedelta(days=30), "today in the bar is this day"


def test_set_password_creates_new_password(tmp_path: Path) -> None:
    assert demo_folder.password(tmp_path) == ""
    password = demo_folder.set_password(tmp_path)
    assert demo_folder.password(tmp_path) == password
    assert len(password) >= 15
    assert demo_folder.set_password(tmp_path) != password
