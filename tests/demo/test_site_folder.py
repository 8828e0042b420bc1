from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.demo import site_folder
from config import Mode, from_environment, make_keys


def test_its_environment_is_a_demonstration_of_its_own(tmp_path: Path) -> None:
    make_keys(tmp_path / "secrets")
    settings = from_environment(site_folder.environment(tmp_path, 8123))
    assert settings.mode is Mode.DEMO
    assert settings.database_url == f"sqlite:///{tmp_path / 'academy.sqlite'}"
    assert (settings.site_url, settings.show_drafts, settings.demo_path) == ("http://localhost:8123", True, tmp_path)


def test_a_real_site_in_the_environment_is_not_touched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in (("DATABASE_URL", "postgresql://real"), ("SMTP_HOST", "mail.example.org"), ("PROXIES", "1")):
        monkeypatch.setenv(name, value)
    for name in site_folder.environment(tmp_path, 8000):
        monkeypatch.setenv(name, "before")  # so that all of them are put back afterwards
    site_folder.take_over(tmp_path, 8000)
    settings = from_environment()
    assert (settings.mail.host, settings.proxies, settings.mode) == ("", 0, Mode.DEMO)
    assert settings.database_url.startswith("sqlite:///")


def test_a_fill_that_was_cut_off_or_is_of_another_program_does_not_count(tmp_path: Path) -> None:
    assert not site_folder.is_filled(tmp_path)
    site_folder.note_filled(tmp_path)
    assert site_folder.is_filled(tmp_path)
    (tmp_path / site_folder.FILLED).write_text("another program")
    assert not site_folder.is_filled(tmp_path)


def test_starting_again_leaves_what_is_not_its_own(tmp_path: Path) -> None:
    for name in (
        "letter.txt",
        site_folder.DATABASE,
        site_folder.FILLED,
        site_folder.DAYS,
        site_folder.WEEKS,
        site_folder.WORD,
    ):
        (tmp_path / name).write_text("1")
    site_folder.empty(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_the_date_moves_for_all_who_read_the_folder(tmp_path: Path) -> None:
    assert site_folder.offset(tmp_path) == timedelta(0)
    site_folder.set_weeks(tmp_path, 2)
    assert site_folder.offset(tmp_path) == timedelta(weeks=2)
    site_folder.set_weeks(tmp_path, 10_000)
    assert site_folder.weeks(tmp_path) == site_folder.MOST_WEEKS


def test_it_begins_in_the_middle_of_the_first_year_of_the_plan(tmp_path: Path) -> None:
    real = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    assert site_folder.begin(tmp_path, real) == datetime(2027, 7, 1, 22, 30, tzinfo=UTC)
    assert real + site_folder.begins_ahead(tmp_path) == datetime(2027, 7, 1, 22, 30, tzinfo=UTC)
    site_folder.set_weeks(tmp_path, 2)
    assert real + site_folder.begins_ahead(tmp_path) == datetime(2027, 7, 1, 22, 30, tzinfo=UTC)
    assert site_folder.offset(tmp_path) == timedelta(weeks=2)


def test_later_it_begins_on_the_machines_own_date(tmp_path: Path) -> None:
    real = datetime(2028, 2, 3, 8, 0, tzinfo=UTC)
    assert site_folder.begin(tmp_path, real) == real
    assert site_folder.begins_ahead(tmp_path) == timedelta(0)


def test_a_demonstration_that_was_filled_before_goes_on_from_its_own_day(tmp_path: Path) -> None:
    site_folder.begin(tmp_path, datetime(2027, 6, 1, 8, 0, tzinfo=UTC))
    assert site_folder.begins_ahead(tmp_path) == timedelta(days=30)
    site_folder.set_weeks(tmp_path, 0)
    assert site_folder.begins_ahead(tmp_path) == timedelta(days=30), "the bar's button for today leads back to this day"


def test_the_password_of_the_tour_is_made_anew_for_each_demonstration(tmp_path: Path) -> None:
    assert site_folder.password(tmp_path) == ""
    made = site_folder.set_password(tmp_path)
    assert site_folder.password(tmp_path) == made
    assert len(made) >= 15
    assert site_folder.set_password(tmp_path) != made
