"""Fill the demonstration with half a year: people, learning, workshops, manual entries, rollups; for `fill-demo`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from app.access.policy import Role
from app.competence.service import rollups as competence
from app.db.session import transaction
from app.demo import crowd, locked_quarter
from app.demo.cast import countries, roster
from app.demo.cast.careers import CourseMaterial
from app.demo.cast.role_models import role_models
from app.demo.cast.roster import Player
from app.demo.crowd import Crowd
from app.demo.history import (
    accounts,
    agreed_actions,
    corrected_key,
    country_stories,
    course_drafts,
    deferred_recalculation,
    exempt_officers,
    incidents,
    interim_figures,
    judged_questions,
    learning,
    library,
    manual_entries,
    needs_of_countries,
    own_certificates,
    past_completions,
    practice_sittings,
    report_preparations,
    required_courses,
    role_changes,
    sent_reminders,
    targets_of_countries,
    timeline,
)
from app.demo.history.accounts import DemoOfficer, Staff
from app.demo.history.learning import LearningYear
from app.demo.history.library import PreparedCourses
from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.demo.locked_quarter import FrozenReport
from app.demo.rows.worker_process import started
from app.demo.sittings import role_officers, spot_checks, stories
from app.demo.sittings.role_officers import ModelOfficer
from app.demo.workshops import afterwards, days, delivery, documents, nominated, preparation
from app.demo.workshops.country_events import COUNTRY_EVENTS
from app.demo.workshops.preparation import Season
from app.demo.workshops.programme import GATHERINGS
from app.demo.workshops.role_events import ROLE_EVENTS

# before the first day of the demonstration: 4, 11 and 14 January for 1 July 2027
STAFF_CAME, PUBLISHED, FIRST_CAME = timedelta(days=178), timedelta(days=171), timedelta(days=168)
LAST_NIGHTS = 1  # and today: each costs half a second
SERVED = 50  # officers of the demonstration who live through services
CHECKED = 180  # officers from whom surprise checks are drawn
Step = Callable[[str], AbstractContextManager[object]]
DaySums = tuple[date, Mapping[competence.Cell, Mapping[str, float | None]]]
# the history of the offices, each step a function of the staff: add those of new features here
OFFICE_STEPS: tuple[Callable[[DemoStaff], Iterator[TimedAction]], ...] = (
    manual_entries.actions,
    interim_figures.actions,
    role_changes.actions,
    agreed_actions.actions,
    sent_reminders.actions,
    required_courses.actions,
    incidents.actions,
    needs_of_countries.actions,
    targets_of_countries.actions,
    past_completions.actions,
    own_certificates.actions,
    report_preparations.actions,
)


@dataclass(frozen=True, slots=True)
class FilledYear:
    """The staff and officers of a year, and its reports, of which the files are still to be drawn."""

    office: DemoStaff
    reports: tuple[FrozenReport, ...]


def fill(
    stocks: Sequence[PreparedCourses],
    now: datetime,
    *,
    password_hash: str,
    people: int = roster.OFFICERS,
    seed: int = 1,
    with_crowd: bool = False,
    step: Step = nullcontext,
) -> FilledYear:
    """Fill an empty database with the year up to now. `step` wraps each part of the work, with its name.

    `people` officers live through services; `with_crowd` adds the others of `countries.STORIES` as rows, and
    a locked quarter with reports, whose files are not drawn yet. Return the staff, officers and reports.
    """
    random = Random(seed)  # noqa: S311 - an invented year, no secret
    with step("Countries, agencies, staff"):
        agencies, staff = accounts.add_staff(password_hash, now - STAFF_CAME)
    with step("Publishing"), timeline.as_of(now - PUBLISHED):
        courses = _publish(stocks, staff, now - PUBLISHED)
    players = roster.officers(people, seed)
    with deferred_recalculation.put_off():
        with step(f"{people} fictional officers"):
            served = accounts.add_officers(
                players, agencies, password_hash=password_hash, start=now - FIRST_CAME, now=now, random=random
            )
            models = _models(agencies, password_hash, now)
        officers = [*served]
        if with_crowd:
            with step("More officers as rows"):
                further = _further(players, models, seed)
                officers += crowd.write(Crowd(further, agencies, courses, password_hash, now, seed))
        office = _office(staff, officers, now)
        with step("Half a year of activities"):
            year = LearningYear(courses, now, random, by_story=with_crowd)
            timeline.carry_out([
                *_learning(office, served, models, year),
                *corrected_key.actions(stocks, staff, served, courses, now),
                *_gatherings(office, models, year, seed),
                *_history(staff, office, courses, with_crowd=with_crowd),
                *afterwards.actions(office, with_crowd=with_crowd),
            ])  # fmt: skip
    with step("Calculating figures"):
        _calculate(now)
    if not with_crowd:
        return FilledYear(office, ())
    with step("A locked quarter"):
        return FilledYear(office, (locked_quarter.lock_and_report(office), locked_quarter.report_provisionally(office)))


def _calculate(now: datetime) -> None:
    """Calculate the figures of the plan and of completion, and the nightly rollups."""
    with started(partial(_nightly_sums, now)) as sums:
        deferred_recalculation.count(now)
        _store_sums(sums())


def _publish(stocks: Sequence[PreparedCourses], staff: Staff, at: datetime) -> Sequence[CourseMaterial]:
    """Publish the courses, one of them with a wrong key, and return what officers learn from."""
    library.publish(corrected_key.with_wrong_key(stocks), staff.trainers, at)
    courses = library.course_materials(staff.trainers[0])
    accounts.assign_trainers(staff.trainers, library.taught_courses(courses), at)
    return courses


def _learning(
    office: DemoStaff, served: Sequence[DemoOfficer], models: Sequence[ModelOfficer], year: LearningYear
) -> Iterator[TimedAction]:
    """Return what officers do in courses, spot checks and practice; `served` live through services."""
    yield from learning.studies_of_the_year(served, year)
    yield from spot_checks.actions(office, office.officers[:CHECKED], role_officers.verified(models), year.random)
    yield from practice_sittings.actions(served, year.courses, year.now, year.random)


def _gatherings(
    office: DemoStaff, models: Sequence[ModelOfficer], year: LearningYear, seed: int
) -> Iterator[TimedAction]:
    """Return the events and sittings of the year."""
    verified = role_officers.verified(models)
    yield from _events(Season(year.now, office.staff, office.officers, seed), with_crowd=year.by_story)
    yield from _role_events(office, verified, seed)
    yield from days.actions(office, verified)
    yield from stories.actions(office, models, year.courses)


def _events(season: Season, *, with_crowd: bool) -> Iterator[TimedAction]:
    events = (*GATHERINGS, *COUNTRY_EVENTS) if with_crowd else GATHERINGS
    yield from preparation.actions(season, events)
    for event in events:
        yield from delivery.actions(season, event)


def _further(served: Sequence[Player], models: Sequence[ModelOfficer], seed: int) -> Sequence[Player]:
    """Return the officers that the stories of the countries have beside those who are there already."""
    present = [*served, *(each.model.player for each in models)]
    return roster.officers(len(served), seed, countries.further_countries(present, seed))[len(served) :]


def _models(agencies: accounts.Agencies, password_hash: str, now: datetime) -> list[ModelOfficer]:
    """Add the officers who show what each role of the framework asks."""
    since = now - FIRST_CAME
    return [
        ModelOfficer(
            model, DemoOfficer(accounts.add_player(model.player, agencies, password_hash, since), model.player, since)
        )
        for model in role_models()
    ]


def _role_events(office: DemoStaff, verified: Sequence[DemoOfficer], seed: int) -> Iterator[TimedAction]:
    """Return the workshops of the verified role models; the first officer of a season books only where it is said."""
    season = Season(office.now, office.staff, [office.officers[0], *verified], seed)
    yield from preparation.actions(season, ROLE_EVENTS)
    for event in ROLE_EVENTS:
        yield from delivery.actions(season, event)


def _history(
    staff: Staff, office: DemoStaff, courses: Sequence[CourseMaterial], *, with_crowd: bool
) -> Iterator[TimedAction]:
    yield from accounts.supervisor_assignments(office.officers, office.staff)
    for actions_of in OFFICE_STEPS:
        yield from actions_of(office)
    yield from exempt_officers.actions(office, courses)
    yield from course_drafts.actions(staff.trainers, office.now)
    yield from judged_questions.actions(staff.by_alias(), office.now)
    yield from documents.actions(office, (documents.RUNNING, documents.OPEN))
    if with_crowd:
        yield from _country_stories(office, courses)


def _country_stories(office: DemoStaff, courses: Sequence[CourseMaterial]) -> Iterator[TimedAction]:
    """Return what only a demonstration with many officers in each country shows."""
    yield from country_stories.actions(office)
    yield from nominated.actions(office)
    yield from documents.actions(office, (documents.NOMINATED, documents.NEAR))
    yield from exempt_officers.group_actions(office, courses)


def _nightly_sums(now: datetime) -> list[DaySums]:
    """Return the rollups shown on the capacity page: at the ends of months, of the last nights, and of today."""
    days = [now.date()]
    for ago in range(1, STAFF_CAME.days):
        day = now.date() - timedelta(days=ago)
        if ago <= LAST_NIGHTS or (day + timedelta(days=1)).day == 1:
            days.append(day)
    return [(day, competence.sums(day)) for day in days]


def _store_sums(all_sums: Sequence[DaySums]) -> None:
    for day, sums in all_sums:
        with transaction():
            competence.store(day, sums)


def _office(staff: Staff, officers: Sequence[DemoOfficer], now: datetime) -> DemoStaff:
    contacts = {
        grant.reach: person_id
        for person_id, player in zip(staff.ids, roster.staff(), strict=True)
        for grant in player.grants
        if grant.role is Role.CONTACT_POINT
    }
    return DemoStaff(now, staff.by_alias(), contacts, officers)
