"""Requirements and exemptions, and the counters that follow from what officers do; on a database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete

from app.access.policy import Actor, Role
from app.db.session import db, transaction
from app.directory.service import postings
from app.identity import service as identity
from app.kernel import clock
from app.kernel.errors import DomainError
from app.learning import jobs
from app.learning.domain import Suggester
from app.learning.domain.completion import CompletionCounts, CompletionFlag, CompletionState
from app.learning.domain.requirements import (
    ExemptionKind,
    ExemptionReason,
    ExemptionState,
    NewExemption,
    NewRequirement,
)
from app.learning.models.completion import Assignment, CompletionDay, CompletionMonth
from app.learning.queries import completion, consistency_checks, requirements as listed
from app.learning.queries.completion import CellAxis
from app.learning.service import assignments, exemptions, lesson_progress, requirements, suggestions
from app.learning.service.requirements import NewDate
from app.learning.service.suggestions import NewSuggestion
from app.learning.shapes import OfficerCoursesFilter
from app.messages import queries as messages
from app.messages.domain import NoticeKind
from tests.support import completion_site, courses, factories, lesson_reading, plans
from tests.support.completion_site import CompletionSite, by_country, require
from tests.support.concurrency import at_once

HOME, DAY = "FR", timedelta(days=1)  # the people who publish the course serve in another country


@pytest.fixture
def site(context: Flask) -> CompletionSite:
    return completion_site.make()


@pytest.fixture
def officer(site: CompletionSite) -> UUID:
    return factories.person(country=HOME)


def later(days: int) -> None:
    """Move the clock of the academy forward."""
    ahead = clock.now() - clock.real_now() + timedelta(days=days)
    clock.move(lambda: ahead)


def do(work: Callable[[], object]) -> None:
    with transaction():
        work()


def begin(site: CompletionSite, officer: UUID) -> None:
    do(lambda: lesson_progress.begin(officer, site.outline, clock.now()))


def finish(site: CompletionSite, officer: UUID, lesson: str) -> None:
    do(lambda: lesson_reading.finish(officer, site.outline, lesson, now=clock.now()))


def contact_point(country: str = HOME) -> Actor:
    person_id = factories.person(country=country, roles=())
    return Actor(person_id, country, frozenset({Role.CONTACT_POINT}))


def exempt(site: CompletionSite, officer: UUID, by: Actor, days: int = 30) -> UUID:
    new = NewExemption(
        kind=ExemptionKind.EXEMPT, until=clock.today() + timedelta(days=days), reason=ExemptionReason.LONG_ABSENCE
    )
    with transaction():
        return exemptions.set_exemption(officer, site.course_id, new, country=HOME, by=by, now=clock.now())


def is_consistent() -> bool:
    return list(consistency_checks.faults(clock.today())) == []


def test_requirement_assigns_the_course_when_a_second_person_agrees(site: CompletionSite, officer: UUID) -> None:
    new = NewRequirement(starts=clock.today(), due_days=30)
    with transaction():
        requirement_id = requirements.draft(site.course_id, new, by=site.first, now=clock.now())
    assert by_country(clock.today()) == {}
    with pytest.raises(DomainError, match="Another user"), transaction():
        requirements.agree(requirement_id, by=site.first, now=clock.now())
    do(lambda: requirements.agree(requirement_id, by=site.second, now=clock.now()))
    assert by_country(clock.today())[HOME] == CompletionCounts(assigned=1, not_started=1)
    state = completion.course_states(officer, clock.today())[site.course_id]
    assert (state.source_id, state.due_on) == (requirement_id, clock.today() + timedelta(days=30))
    assert listed.required_courses(clock.today()) == {site.course_id}
    assert is_consistent()


def test_deeds_and_the_clock_move_the_counters(site: CompletionSite, officer: UUID) -> None:
    require(site)
    begin(site, officer)
    today = clock.today()
    assert by_country(today)[HOME] == CompletionCounts(assigned=1, in_progress=1)
    expected = CompletionCounts(assigned=1, in_progress=1, stalled=1, overdue=1)
    assert by_country(today + timedelta(days=31))[HOME] == expected
    later(25)
    finish(site, officer, courses.LESSONS[0])
    assert by_country(today + timedelta(days=24))[HOME].stalled == 1
    assert by_country(clock.today())[HOME] == CompletionCounts(assigned=1, in_progress=1, due_soon=1)
    later(6)
    state = completion.course_states(officer, clock.today())[site.course_id]
    assert (state.flags, state.late_since) == ({CompletionFlag.OVERDUE}, clock.today())
    assert is_consistent()


def test_completion_counts_on_its_day(site: CompletionSite, officer: UUID) -> None:
    require(site)
    before = clock.today()
    later(5)
    begin(site, officer)
    plans.complete(officer, site.outline, clock.now())
    assert by_country(before)[HOME] == CompletionCounts(assigned=1, not_started=1)
    assert by_country(clock.today())[HOME] == CompletionCounts(assigned=1, completed_on_time=1)
    assert is_consistent()


def test_course_begun_by_choice_is_shown_apart(site: CompletionSite, officer: UUID) -> None:
    begin(site, officer)
    assert by_country(clock.today())[HOME] == CompletionCounts(by_choice=1)


def test_dated_suggestion_assigns_until_it_is_withdrawn(site: CompletionSite, officer: UUID) -> None:
    new = NewSuggestion(
        person_id=officer, country=HOME, suggested_by=site.first.id, suggested_as=Suggester.CONTACT_POINT,
        due_on=clock.today() + timedelta(days=10),
    )  # fmt: skip
    do(lambda: suggestions.suggest(new, site.outline, clock.now()))
    first = clock.today()
    state = completion.course_states(officer, first)[site.course_id]
    assert by_country(first)[HOME] == CompletionCounts(assigned=1, not_started=1, due_soon=1)
    later(2)
    do(lambda: suggestions.take_back(state.source_id, clock.now()))
    assert by_country(clock.today()) == {}
    assert by_country(first)[HOME].assigned == 1
    assert is_consistent()


def test_event_seat_assigns_the_course_until_it_is_withdrawn(site: CompletionSite, officer: UUID) -> None:
    workshop, due_on = UUID(int=7), clock.today() + timedelta(days=9)
    seat = {"workshop_id": workshop, "due_on": due_on}
    do(lambda: assignments.set_event_seat(officer, [site.course_id], **seat, now=clock.now()))
    do(lambda: assignments.set_event_seat(officer, [site.course_id], **seat, now=clock.now()))
    assert by_country(clock.today())[HOME] == CompletionCounts(assigned=1, not_started=1, due_soon=1)
    later(1)
    do(lambda: assignments.remove_event_seat(officer, workshop, clock.now()))
    assert by_country(clock.today()) == {}
    assert is_consistent()


def test_changed_date_is_a_new_row_and_past_days_stay(site: CompletionSite, officer: UUID) -> None:
    first, due_on = clock.today(), clock.today() + timedelta(days=40)
    old = require(site, due_days=None, due_on=due_on)
    later(10)
    new = NewDate(due_on=due_on + timedelta(days=20), due_days=None, starts=clock.today())
    with transaction():
        changed = requirements.change_date(old, new, by=site.second, now=clock.now())
    do(lambda: requirements.agree(changed, by=site.first, now=clock.now()))
    assert listed.line(old).ends == clock.today() - DAY
    assert listed.line(changed).replaces_id == old
    assert completion.course_states(officer, first)[site.course_id].due_on == due_on
    state = completion.course_states(officer, clock.today())[site.course_id]
    assert (state.due_on, state.assigned_on) == (due_on + timedelta(days=20), first)
    with pytest.raises(DomainError, match="not valid"), transaction():
        requirements.change_date(old, replace(new, starts=clock.today()), by=site.second, now=clock.now())
    assert is_consistent()


def test_ended_requirement_closes_assignments(site: CompletionSite, officer: UUID) -> None:
    requirement_id = require(site)
    do(lambda: requirements.end(requirement_id, clock.today(), now=clock.now()))
    assert by_country(clock.today())[HOME].assigned == 1
    assert by_country(clock.today() + DAY) == {}


def test_contact_point_requires_for_the_own_country_only(site: CompletionSite) -> None:
    author = contact_point()
    with pytest.raises(DomainError, match="own country"), transaction():
        requirements.draft(site.course_id, NewRequirement(starts=clock.today(), due_days=9), by=author, now=clock.now())
    with transaction():
        own = NewRequirement(starts=clock.today(), due_days=9, countries=(HOME,))
        requirement_id = requirements.draft(site.course_id, own, by=author, now=clock.now())
    abroad = Actor(factories.person(country="BG"), "BG", frozenset({Role.SUPERVISOR}))
    with pytest.raises(DomainError, match="of the country"), transaction():
        requirements.agree(requirement_id, by=abroad, now=clock.now())
    at_home = Actor(factories.person(country=HOME), HOME, frozenset({Role.SUPERVISOR}))
    do(lambda: requirements.agree(requirement_id, by=at_home, now=clock.now()))
    assert listed.lines(country="BG") == []


@pytest.mark.parametrize(
    "fields",
    [
        {"due_days": None},
        {"due_on": date(2099, 1, 1)},
        {"starts": date(2000, 1, 1)},
        {"due_days": 0},
        {"renew_months": 0},
    ],
    ids=["no date", "two dates", "past day", "no days", "no months"],
)
def test_requirement_with_invalid_input_is_refused(site: CompletionSite, fields: dict[str, object]) -> None:
    with pytest.raises(DomainError):
        require(site, **fields)


def test_exemption_of_90_days_needs_one_person_and_tells_the_officer(site: CompletionSite, officer: UUID) -> None:
    require(site)
    exemption_id = exempt(site, officer, contact_point(), days=90)
    assert by_country(clock.today())[HOME] == CompletionCounts(assigned=1, exempt=1)
    assert NoticeKind.EXEMPTION_CHANGED in {notice.kind for notice in messages.notices(officer, 1)}
    with pytest.raises(DomainError, match="already"):
        exempt(site, officer, contact_point())
    later(1)
    do(lambda: exemptions.end(exemption_id, now=clock.now()))
    assert by_country(clock.today())[HOME] == CompletionCounts(assigned=1, not_started=1)
    assert by_country(clock.today() - DAY)[HOME].exempt == 1
    assert is_consistent()


def test_longer_exemption_waits_for_a_second_person_of_the_country(site: CompletionSite, officer: UUID) -> None:
    require(site)
    author = contact_point()
    exemption_id = exempt(site, officer, author, days=91)
    assert by_country(clock.today())[HOME].exempt == 0
    for user in (author, contact_point("BG")):
        with pytest.raises(DomainError), transaction():
            exemptions.agree(exemption_id, by=user, now=clock.now())
    do(lambda: exemptions.agree(exemption_id, by=contact_point(), now=clock.now()))
    assert by_country(clock.today())[HOME].exempt == 1
    assert listed.exemption(exemption_id).state is ExemptionState.AGREED


def test_expired_exemption_makes_room_for_another(site: CompletionSite, officer: UUID) -> None:
    require(site)
    exempt(site, officer, contact_point(), days=3)
    later(4)
    assert by_country(clock.today())[HOME].exempt == 0
    exempt(site, officer, contact_point(), days=3)
    assert by_country(clock.today())[HOME].exempt == 1
    assert is_consistent()


@pytest.mark.parametrize("days", [-1, 367], ids=["past", "over 12 months"])
def test_exemption_outside_12_months_is_refused(site: CompletionSite, officer: UUID, days: int) -> None:
    with pytest.raises(DomainError):
        exempt(site, officer, contact_point(), days=days)


def test_threat_and_leaving_change_the_same_cells(site: CompletionSite, officer: UUID) -> None:
    require(site)
    leaver = factories.person(country="BG")
    later(3)
    do(lambda: postings.protect(officer, protected=True, titles=["Officer"], today=clock.today()))
    do(lambda: identity.deactivate(leaver, clock.today() - DAY))
    cells = by_country(clock.today())
    assert HOME not in cells
    assert "BG" not in cells
    assert by_country(clock.today() - DAY)[HOME].assigned == 1
    page = completion.officers(clock.today(), OfficerCoursesFilter(country=HOME))
    assert [row.courses[site.course_id].state for row in page.rows if row.person_id == officer] == [
        CompletionState.NOT_STARTED
    ]
    assert is_consistent()


def test_new_person_and_moved_posting_are_counted(site: CompletionSite) -> None:
    require(site, role="investigator")
    officer = factories.person(country=HOME)
    assert by_country(clock.today()) == {}
    later(1)
    with transaction():
        new = postings.NewPosting(factories.agency(HOME), ("investigator",), clock.today() + DAY)
        postings.change_posting(officer, new, today=clock.today())
    assert by_country(clock.today()) == {}
    assert by_country(clock.today() + DAY)[HOME] == CompletionCounts(assigned=1, not_started=1)
    roles = completion.cells(clock.today() + DAY, by=[CellAxis.ROLE, CellAxis.COURSE])
    assert [(cell.role, cell.course_id, cell.counts.assigned) for cell in roles] == [
        ("investigator", site.course_id, 1)
    ]
    assert is_consistent()


def test_late_list_counts_what_the_rollups_count(site: CompletionSite, officer: UUID) -> None:
    require(site)
    other = factories.person(country="BG")
    begin(site, other)
    for days in (10, 21, 25, 31, 36, 40):
        moment = clock.today() + timedelta(days=days)
        cells = {country: (c.overdue, c.stalled, c.waiting) for country, c in by_country(moment).items()}
        late = {line.country: (line.overdue, line.stalled, line.waiting) for line in completion.late(moment)}
        assert late == {country: counts for country, counts in cells.items() if any(counts)}
    line = completion.late(moment, countries=[HOME])[0]
    assert (line.since, line.chased, line.due) == (clock.today() + timedelta(days=31), 1, 1)
    assert completion.chased(moment, [HOME], [site.course_id]) == {(HOME, site.course_id): [officer]}


def test_officers_are_found_by_their_state(site: CompletionSite, officer: UUID) -> None:
    require(site)
    begun = factories.person(country=HOME)
    begin(site, begun)
    for state, expected in ((CompletionState.IN_PROGRESS, begun), (CompletionState.NOT_STARTED, officer)):
        page = completion.officers(clock.today(), OfficerCoursesFilter(country=HOME, states=[state]))
        assert ([row.person_id for row in page.rows], page.total, page.after) == ([expected], 1, None)
    first = completion.officers(clock.today(), OfficerCoursesFilter(country=HOME), size=1)
    second = completion.officers(clock.today(), OfficerCoursesFilter(country=HOME), after=first.after or "", size=1)
    assert {row.person_id for page in (first, second) for row in page.rows} == {officer, begun}


def test_job_recalculates_in_portions_and_twice_the_same(
    site: CompletionSite, officer: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assignments, "SMALL", 0)
    monkeypatch.setattr(assignments, "PORTION", 1)
    require(site)
    assert by_country(clock.today()) == {}
    [progress] = listed.recalculations()
    assert (progress.course_id, progress.done) == (site.course_id, 0)
    with transaction():
        assert assignments.recalculate_portion(site.course_id, clock.today())
    assert listed.recalculations()[0].done == 1  # the process ended here
    jobs.recalculate_due()
    counted = by_country(clock.today())
    assert counted[HOME].assigned == 1
    assert listed.recalculations() == []
    assert jobs.recalculate_due() == 0
    assert by_country(clock.today()) == counted
    assert is_consistent()


def test_command_rebuilds_assignments_and_rollups(app: Flask, site: CompletionSite, officer: UUID) -> None:
    require(site)
    begin(site, officer)
    before = by_country(clock.today())
    with transaction():
        for model in (Assignment, CompletionDay, CompletionMonth):
            db.session.execute(delete(model))
    assert not is_consistent()
    result = app.test_cli_runner().invoke(args=["completion", "recalculate", "--past"])
    assert result.exit_code == 0, result.output
    assert by_country(clock.today()) == before
    assert is_consistent()


@pytest.mark.each_database
def test_two_coordinators_at_once_agree_once(app: Flask, site: CompletionSite, officer: UUID) -> None:
    with transaction():
        new = NewRequirement(starts=clock.today(), due_days=30)
        requirement_id = requirements.draft(site.course_id, new, by=site.first, now=clock.now())
    third = completion_site.coordinator()

    def agree(by: Actor) -> None:
        requirements.agree(requirement_id, by=by, now=clock.now())

    results = at_once(app, [lambda: agree(site.second), lambda: agree(third)])
    assert sorted(map(str, results)) == ["None", "This requirement is agreed or dropped already."]
    assert by_country(clock.today())[HOME].assigned == 1
    assert is_consistent()


@pytest.mark.each_database
def test_two_deeds_at_once_are_both_counted(app: Flask, site: CompletionSite, officer: UUID) -> None:
    require(site)
    other = factories.person(country=HOME)

    def begins(person_id: UUID) -> None:
        lesson_progress.begin(person_id, site.outline, clock.now())

    at_once(app, [lambda: begins(officer), lambda: begins(other)])
    assert by_country(clock.today())[HOME] == CompletionCounts(assigned=2, in_progress=2)
    assert is_consistent()
