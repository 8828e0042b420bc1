"""Page model of `/path`: the competencies that the user needs, their status, and the next steps for each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor
from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies, Competency
from app.catalogue.queries import courses as catalogue
from app.checks.domain.keys import key_of
from app.checks.domain.requests import LIVE, OwnCheckRequest, blocks
from app.checks.domain.ways import OpenWay, OpenWayKind, WayKind
from app.checks.labels.requests import state_texts
from app.competence.domain.claims import ClaimState
from app.competence.domain.desk_tasks import DeskTasksNeeded
from app.competence.domain.evidence import LEVELS
from app.competence.domain.statuses import VerificationStatus
from app.competence.labels import competencies, desk_tasks
from app.competence.labels.competencies import NeedSummary
from app.competence.queries import competencies as competence
from app.competence.shapes import ClaimLine, CompetencyStatus
from app.home.pages import titles
from app.home.pages.titles import TitledLine, Translations
from app.i18n.stored_translations import TranslatedText
from app.learning import labels
from app.learning.shapes import CourseStatus
from app.web.pages import Page
from app.workshops.domain.events import is_for
from app.workshops.shapes import WorkshopLine

ORDER = {"here": 0, "open": 1, "done": 2}  # a course under way is the nearest step
COURSE_HELPS = {
    VerificationStatus.NOT_STARTED: {"here", "open"},
    VerificationStatus.IN_TRAINING: {"here", "open"},
    VerificationStatus.DUE: {"here", "done"},
    VerificationStatus.LAPSED: {"here", "open", "done"},
}
AT_HAND = frozenset({OpenWayKind.MARKING, OpenWayKind.SEAT, OpenWayKind.SITTING})
STEP_KINDS = {"open": "begin", "here": "go_on", "done": "again"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PathLine(TitledLine):
    """A competency with its level, status and dates; `no_steps` explains why there is no step, "" otherwise.

    `way` is the nearest way to a verification in a sitting, `request` says what became of a live request for a check,
    and `ask_url` leads to a new one, "" if that is not possible. `desk_tasks`: how many it takes, if more than one.
    """

    id: str
    level: str
    by_name: bool
    state: str
    until: date | None
    lapsed_on: date | None
    steps: Sequence[TitledLine]
    no_steps: str
    way: OpenWay | None
    request: Sequence[str]
    ask_url: str
    desk_tasks: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PathArea:
    """An area of the framework with its needed competencies."""

    id: str
    title: TranslatedText
    lines: Sequence[PathLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class PathPage(Page):
    """The needs of a person by area, and competencies beyond them in `also`."""

    template: ClassVar[str] = "home/path.html"
    has_framework: bool
    summary: NeedSummary
    roles: Sequence[TranslatedText] = ()
    areas: Sequence[PathArea] = ()
    also: Sequence[PathLine] = ()


@dataclass(frozen=True, slots=True)
class AssessedWorkshop:
    """A coming workshop, its title, and the competencies that are scored there."""

    line: WorkshopLine
    title: TranslatedText
    outcomes: frozenset[tuple[str, Level]]


@dataclass(frozen=True, slots=True)
class Offers:
    """The courses that a person may read, the coming workshops, the nearest first, and the person's roles.

    `ways` are those in sittings by competency and level, `requests` the own requests for a check by competency.
    `desk_tasks`: how many of them verify a competency at a level. `workshop_only`: what no sitting can verify.
    """

    courses: Sequence[CourseStatus]
    workshops: Sequence[AssessedWorkshop]
    roles: frozenset[str]
    ways: Mapping[tuple[str, Level], Sequence[OpenWay]] = field(default_factory=dict)
    check_requests: Mapping[str, OwnCheckRequest] = field(default_factory=dict)
    desk_tasks: Mapping[tuple[str, Level], DeskTasksNeeded] = field(default_factory=dict)
    workshop_only: frozenset[tuple[str, Level]] = frozenset()
    today: date = date.min

    def course(self, competency: str) -> CourseStatus | None:
        """Return the course that teaches a competency, preferring one under way."""
        courses = [
            course for course in self.courses if competency in {aim.id for aim in course.outline.facts.competencies}
        ]
        return min(courses, key=lambda course: ORDER[labels.state(course)], default=None)

    def workshop(self, status: CompetencyStatus) -> AssessedWorkshop | None:
        """Return the next workshop for the person's roles that assesses a competency at the needed level or above."""
        return next((workshop for workshop in self._assessing(status) if is_for(workshop.line.roles, self.roles)), None)

    def is_for_others(self, status: CompetencyStatus) -> bool:
        """Return whether all workshops that assess a competency at that level are for other roles; False if none."""
        return self.workshop(status) is None and any(self._assessing(status))

    def ways_to(self, status: CompetencyStatus) -> Sequence[OpenWay]:
        """Return the ways in sittings to verify a competency at the needed level; none while it is verified."""
        if status.status is VerificationStatus.VERIFIED:
            return ()
        return self.ways.get((status.competency, status.needed or status.level), ())

    def desk_tasks_for(self, status: CompetencyStatus) -> DeskTasksNeeded | None:
        """Return how many desk tasks verify a competency at the needed level, None where no desk task is a way."""
        return self.desk_tasks.get((status.competency, status.needed or status.level))

    def needs_workshop(self, status: CompetencyStatus) -> bool:
        """Return whether only a workshop can verify a competency at the needed level."""
        return (status.competency, status.needed or status.level) in self.workshop_only

    def live_request(self, status: CompetencyStatus) -> OwnCheckRequest | None:
        """Return the open or planned request for a check of a competency, or None."""
        request = self.check_requests.get(status.competency)
        return request if request is not None and request.state in LIVE else None

    def ask_url(self, status: CompetencyStatus) -> str:
        """Return the address where a check can be asked for, "" with a sitting at hand or without such a check.

        A live request, and one that was declined in the last days, leave no room for another one.
        """
        ways, request = self.ways_to(status), self.check_requests.get(status.competency)
        if not ways or any(way.kind in AT_HAND for way in ways) or (request and blocks(request, self.today)):
            return ""
        key = key_of(status.competency, status.needed or status.level)
        return url_for("checks.confirm_request", competency=key)

    def _assessing(self, status: CompetencyStatus) -> Iterator[AssessedWorkshop]:
        enough = LEVELS[LEVELS.index(status.needed or status.level) :]
        outcomes = {(status.competency, level) for level in enough}
        return (workshop for workshop in self.workshops if outcomes & workshop.outcomes)


def assessed_workshops(
    lines: Sequence[WorkshopLine], outcomes: Mapping[UUID, frozenset[tuple[str, Level]]], translations: Translations
) -> list[AssessedWorkshop]:
    """Return the workshops that score a competency, with their titles or their codes."""
    return [
        AssessedWorkshop(line, titles.workshop_title(line.id, line.code, translations), outcomes[line.id])
        for line in lines
        if outcomes[line.id]
    ]


@dataclass(frozen=True, slots=True)
class FrameworkCompetency:
    """A competency of the framework."""

    framework: Competencies
    entry: Competency


def framework_competency(_actor: Actor, competency: str) -> FrameworkCompetency:
    """Return the competency of this id, or raise NoResultFound."""
    framework = catalogue.competencies()
    entry = framework.get(competency) if framework is not None else None
    if framework is None or entry is None:
        raise NoResultFound
    return FrameworkCompetency(framework, entry)


def open_claim(actor: Actor, competency: str) -> ClaimLine:
    """Return the actor's own claim that waits for a decision, or raise NoResultFound."""
    for line in competence.claims_of(actor.id):
        if line.competency == competency and line.state is ClaimState.WAITING:
            return line
    raise NoResultFound


def path_page(
    statuses: Sequence[CompetencyStatus], framework: Competencies, offers: Offers, roles: Sequence[str]
) -> PathPage:
    """Return the path of a person with these roles."""
    needed = [status for status in statuses if status.needed is not None]
    return PathPage(
        has_framework=True,
        roles=[competencies.title(framework, role) for role in roles],
        areas=_areas([path_line(status, framework, offers) for status in needed], framework),
        also=[path_line(status, framework, offers) for status in statuses if status.needed is None],
        summary=competencies.summary(needed),
    )


def not_verified(statuses: Sequence[CompetencyStatus]) -> list[tuple[str, Level]]:
    """Return the competencies that a new watched result would help, each at the needed level."""
    return [
        (status.competency, status.needed or status.level)
        for status in statuses
        if status.status is not VerificationStatus.VERIFIED
    ]


def steps(status: CompetencyStatus, offers: Offers) -> list[TitledLine]:
    """Return the next steps for a competency; the kind is "begin", "go_on", "again" or "workshop"."""
    if status.status is VerificationStatus.VERIFIED:
        return []
    next_steps = []
    course = offers.course(status.competency)
    if course is not None and labels.state(course) in COURSE_HELPS[status.status]:
        title = titles.coded_title(course.outline)
        next_steps.append(titles.course_line(title, course, kind=STEP_KINDS[labels.state(course)]))
    workshop = offers.workshop(status)
    if workshop is not None:
        next_steps.append(workshop_step(workshop))
    return next_steps


def no_steps(status: CompetencyStatus, offers: Offers) -> str:
    """Return why there is no next step for a competency."""
    if offers.is_for_others(status):
        return _("The workshops announced for this are for other roles.")
    return _("No course or workshop for this is announced yet.")


def _areas(lines: Sequence[PathLine], framework: Competencies) -> list[PathArea]:
    areas = {competency.id: competency.area for competency in framework.competencies}
    lines_by_area = {area.id: [line for line in lines if areas.get(line.id) == area.id] for area in framework.areas}
    return [
        PathArea(id=area.lower(), title=competencies.title(framework, area), lines=area_lines)
        for area, area_lines in lines_by_area.items()
        if area_lines
    ]


def path_line(status: CompetencyStatus, framework: Competencies, offers: Offers) -> PathLine:
    """Return a competency with its status and next steps."""
    ways, live = offers.ways_to(status), offers.live_request(status)
    is_open = status.status is not VerificationStatus.VERIFIED
    return PathLine(
        title=competencies.title(framework, status.competency),
        href=url_for("home.competency", competency=status.competency),
        id=status.competency,
        level=competencies.level(status.needed or status.level),
        by_name=status.by_name,
        steps=steps(status, offers),
        no_steps=no_steps(status, offers) if is_open and not ways else "",
        way=ways[0] if ways else None,
        request=state_texts(live) if live and is_open else [],
        ask_url=offers.ask_url(status),
        desk_tasks=_desk_tasks(offers.desk_tasks_for(status)),
        **competencies.dates(status.status, status.until),
    )


def _desk_tasks(tasks: DeskTasksNeeded | None) -> list[str]:
    """Return how many desk tasks verify, where a newcomer would expect one."""
    return desk_tasks.needed(tasks) if tasks is not None and (tasks.count > 1 or tasks.is_watched) else []


def with_desk_task(ways: Mapping[tuple[str, Level], Sequence[OpenWay]]) -> list[tuple[str, Level]]:
    """Return the competencies, each with its level, that a desk task of a sitting could verify."""
    return [aim for aim, of_aim in ways.items() if any(way.how is WayKind.DESK_TASK for way in of_aim)]


def workshop_step(workshop: AssessedWorkshop) -> TitledLine:
    """Return the line of a workshop that assesses a competency."""
    line = workshop.line
    return TitledLine(
        kind="workshop",
        title=workshop.title,
        href=url_for("workshops.show_workshop", workshop_id=line.id),
        day=line.first_day,
    )
