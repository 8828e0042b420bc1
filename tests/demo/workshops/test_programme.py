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
REFERENCES = read_folder(files_on_disk(ROOT / "courses"))[0].references
STAFF = {player.alias for player in roster.staff()}


@pytest.mark.parametrize("it", GATHERINGS, ids=lambda it: it.code)
def test_each_text_is_there_in_the_languages_of_the_tour(it: Gathering) -> None:
    texts = [it.subject.title, it.subject.summary, it.subject.practise, *(session.title for session in it.sessions)]
    assert [set(text) for text in texts] == [LANGUAGES] * len(texts)
    assert all(line for text in texts for line in text.values())
    assert len({line.count("\n") for line in it.subject.practise.values()}) == 1, "a line for each thing, everywhere"


@pytest.mark.parametrize("it", GATHERINGS, ids=lambda it: it.code)
def test_each_is_run_by_people_who_exist_and_practises_what_the_framework_names(it: Gathering) -> None:
    assert {*it.trainers, *it.assessors, *it.by} <= STAFF
    assert it.by[0] != it.by[1]
    assert it.host in roster.ZONES
    framework = REFERENCES.competencies
    assert [name for name in it.subject.outcomes if framework.get(name) is None] == []
    if it.assessors:
        assert [pair for pair in it.subject.outcomes.items() if REFERENCES.rubrics.get(*pair) is None] == []
    assert set(it.subject.roles) <= set(roster.ROLES)
    assert bool(it.marks) <= bool(it.assessors)


def test_codes_are_given_once() -> None:
    assert len({it.code for it in GATHERINGS}) == len(GATHERINGS)


def test_there_is_one_of_each_fate_and_a_full_one_with_a_queue() -> None:
    assert {it.fate for it in GATHERINGS} == set(Fate)
    full = [it for it in GATHERINGS if it.fate is Fate.ANNOUNCED and it.people > it.capacity]
    free = [it for it in GATHERINGS if it.fate is Fate.ANNOUNCED and it.people < it.capacity]
    assert [(it.capacity, it.people - it.capacity) for it in full] == [(20, 7)]
    assert len(free) == 1
    assert {it.kind for it in GATHERINGS if it.fate is Fate.HELD} == set(WorkshopKind)


def test_what_is_running_was_begun_yesterday_and_is_not_over() -> None:
    (running,) = (it for it in GATHERINGS if it.fate is Fate.RUNNING)
    assert running.first == -1 < running.last
    assert running.with_tour


def test_nobody_did_anything_before_the_plan_began() -> None:
    begins = date(2027, 7, 1)
    assert begins - year.STAFF_CAME == date(2027, 1, 4)
    assert min(begins + timedelta(days=it.made) for it in GATHERINGS) > begins - year.PUBLISHED
