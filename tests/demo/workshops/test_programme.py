from datetime import date, timedelta

import pytest

from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.folder import read_folder
from app.demo import year
from app.demo.cast import roster
from app.demo.workshops.programme import GATHERINGS, Fate, Gathering
from app.workshops.domain.events import WorkshopKind
from config import ROOT

LANGUAGES = {"en", "ar", "fr"}
FILES = {path: raw for path, raw in files_on_disk(ROOT / "courses").items() if "/" not in path}  # without courses
REFERENCES = read_folder(FILES)[0].references
STAFF = {player.alias for player in roster.staff()}


@pytest.mark.parametrize("event", GATHERINGS, ids=lambda event: event.code)
def test_texts_exist_in_languages_of_tour(event: Gathering) -> None:
    texts = [
        event.subject.title,
        event.subject.summary,
        event.subject.practise,
        *(session.title for session in event.sessions),
    ]
    assert [set(text) for text in texts] == [LANGUAGES] * len(texts)
    assert all(line for text in texts for line in text.values())
    assert len({line.count("\n") for line in event.subject.practise.values()}) == 1, (
        "a line for each aim in all languages"
    )


@pytest.mark.parametrize("event", GATHERINGS, ids=lambda event: event.code)
def test_events_use_existing_staff_and_competencies(event: Gathering) -> None:
    assert {*event.trainers, *event.assessors, *event.by} <= STAFF
    assert event.by[0] != event.by[1]
    assert event.host in roster.ZONES
    framework = REFERENCES.competencies
    assert [name for name in event.subject.outcomes if framework.get(name) is None] == []
    if event.assessors:
        assert [pair for pair in event.subject.outcomes.items() if REFERENCES.rubrics.get(*pair) is None] == []
    assert set(event.subject.roles) <= set(roster.ROLES)
    assert bool(event.skills) <= bool(event.assessors)


def test_event_codes_are_unique() -> None:
    assert len({event.code for event in GATHERINGS}) == len(GATHERINGS)


def test_each_fate_occurs_and_one_event_has_waiting_list() -> None:
    assert {event.fate for event in GATHERINGS} == set(Fate)
    full = [event for event in GATHERINGS if event.fate is Fate.ANNOUNCED and event.people > event.capacity]
    free = [event for event in GATHERINGS if event.fate is Fate.ANNOUNCED and event.people < event.capacity]
    assert [(event.capacity, event.people - event.capacity) for event in full] == [(20, 7)]
    assert len(free) == 1
    kinds = {event.kind for event in GATHERINGS if event.fate is Fate.HELD}
    assert kinds == {WorkshopKind.WORKSHOP, WorkshopKind.STUDY_VISIT}


def test_running_event_started_yesterday_and_continues() -> None:
    (running,) = (event for event in GATHERINGS if event.fate is Fate.RUNNING)
    assert running.first == -1 < running.last
    assert running.with_tour


def test_events_are_created_after_courses_are_published() -> None:
    begins = date(2027, 7, 1)
    assert begins - year.STAFF_CAME == date(2027, 1, 4)
    assert min(begins + timedelta(days=event.created) for event in GATHERINGS) > begins - year.PUBLISHED
