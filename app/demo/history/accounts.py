"""A half-done year, made through the services with the time at which each thing happened."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from app.access.policy import Role, Scope
from app.catalogue.shapes import Outline
from app.db.session import transaction
from app.demo.cast import careers, roster, test_answers
from app.demo.cast.careers import Asked, Reading, Sitting, Step, Study, Walking
from app.demo.cast.roster import Player
from app.demo.history.timeline import Deed, as_of
from app.directory.service import country_settings
from app.home import jobs as digest
from app.identity import service as identity_service
from app.identity.service import NewPerson
from app.kernel import clock
from app.learning.domain import Visit
from app.learning.service import lesson_progress as learning
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.quizzes import queries as quizzes_queries
from app.quizzes.service import attempts as quizzes
from app.quizzes.service.attempts import Started
from app.rights.service import roles, supervision
from app.scenarios import service as scenarios

Agencies = dict[tuple[str, int], UUID]
TOUR = timedelta(days=150)  # since then the tour's practitioner is there
HASTE = 1.7  # more of the officers come early: the workshops of spring have people to seat
HIDE_THEIR_COUNTRY = ("3", "6", "9")  # aliases that end so: about a third chose to


def add_agencies() -> Agencies:
    """Add countries and agencies; return the agencies' ids by country and place."""
    found: Agencies = {}
    with transaction():
        for code, zone in roster.ZONES.items():
            identity_service.add_country(code, zone)
            country_settings.set_help(code, roster.HELP, clock.today())
        for service in roster.services():
            found[service.country, service.place] = identity_service.add_agency(
                service.country, service.kind, service.name
            )
    return found


@dataclass(frozen=True, slots=True)
class Staff:
    """Who runs the academy, by id in the order of `cast.staff()`, and the two who publish."""

    ids: tuple[UUID, ...]
    trainers: tuple[UUID, UUID]

    def by_alias(self) -> dict[str, UUID]:
        """Return the ids by alias."""
        return {player.alias: found for found, player in zip(self.ids, roster.staff(), strict=True)}


@dataclass(frozen=True, slots=True)
class Officer:
    """A practitioner who was added, and since when."""

    id: UUID
    player: Player
    since: datetime


def add_staff(password_hash: str, now: datetime) -> tuple[Agencies, Staff]:
    """Add countries, agencies and those who run the academy."""
    agencies = add_agencies()
    players = roster.staff()
    ids = tuple(add_player(player, agencies, password_hash, now) for player in players)
    named = {player.alias: found for found, player in zip(ids, players, strict=True)}
    return agencies, Staff(ids, (named["Trainer 1"], named["Trainer 2"]))


def let_teach(trainers: Sequence[UUID], courses: Sequence[Asked], now: datetime) -> None:
    """Grant trainers the courses that they teach."""
    for trainer in trainers:
        with as_of(now), transaction():
            for course in courses:
                reach = str(course.outline.course_id)
                roles.add_role(trainer, Role.TRAINER, scope=Scope.COURSE, reach=reach, since=now.date())


def add_player(player: Player, agencies: Agencies, password_hash: str, now: datetime) -> UUID:
    """Add somebody with everything granted to them, as of a day, in a transaction of its own."""
    new = NewPerson(
        alias=player.alias,
        name=player.name,
        mail=player.mail,
        password_hash=password_hash,
        country=player.country,
        agency_id=agencies[player.country, player.agency],
        roles=player.roles,
        language=player.language,
        time_zone=player.time_zone,
        shows_country=not player.alias.endswith(HIDE_THEIR_COUNTRY),
    )
    with as_of(now), transaction():
        person_id = identity_service.add_person(new, now)
        for grant in player.grants:
            roles.add_role(person_id, grant.role, scope=grant.scope, reach=grant.reach, since=now.date())
    return person_id


def deeds(person_id: UUID, courses: Sequence[Asked], studies: Sequence[Study], random: Random) -> Iterator[Deed]:
    """Return what a life says, one deed a step."""
    known = {course.outline.code: course.outline for course in courses}
    for study in studies:
        outline = known[study.code]
        yield Deed(study.begun_at, person_id, partial(learning.begin, person_id, outline, study.begun_at))
        for step in study.steps:
            yield Deed(step.at, person_id, partial(_act, person_id, outline, step, random))


def add_officers(
    players: Sequence[Player], agencies: Agencies, *, password_hash: str, start: datetime, now: datetime, random: Random
) -> list[Officer]:
    """Add officers who come one by one from a day on; the first ones are those of the tour."""
    found = []
    for number, player in enumerate(players, 1):
        since = now - TOUR if number <= len(roster.TOUR) else careers.joined(start, now, random, haste=HASTE)
        found.append(Officer(add_player(player, agencies, password_hash, since), player, since))
    return found


def supervised(officers: Sequence[Officer], staff: Mapping[str, UUID]) -> Iterator[Deed]:
    """Return how the contact point of the first country assigns each officer, who has come, to its supervisor."""
    by, chief = staff["Contact point 1"], staff["Supervisor 1"]
    for one in officers:
        if one.player.country == roster.FIRST:
            yield Deed(one.since, by, partial(supervision.assign, one.id, chief, one.since.date()))


def studies_of_the_year(
    officers: Sequence[Officer], courses: Sequence[Asked], now: datetime, random: Random
) -> Iterator[Deed]:
    """Return what officers did in courses; those of the tour are in the middle of one."""
    for number, officer in enumerate(officers, 1):
        if number <= len(roster.TOUR):
            studies = tour(_for_role(courses, officer.player.roles[0]), now)
            told = now - timedelta(days=6)
            yield Deed(told, None, partial(_tell_of_courses, officer.id, courses[1:], told))
        else:
            studies = careers.live(courses, officer.since, now, random)
            careers.leave_open(studies, now, random)
        yield from deeds(officer.id, courses, studies, random)
        if number > len(roster.TOUR) and random.random() < 0.7:
            yield Deed(now, officer.id, partial(messages.mark_all_read, officer.id, now))


def _for_role(courses: Sequence[Asked], role: str) -> Sequence[Asked]:
    """Return the guide, the courses for a role, then the others; for a first responder in the order as it is."""
    guide, *others = courses
    own = [course for course in others if role in course.outline.facts.roles]
    return courses if role == roster.TOUR[0] else [guide, *own, *(course for course in others if course not in own)]


def tour(courses: Sequence[Asked], now: datetime) -> list[Study]:
    """Return the life of an officer of the tour: the guide completed, the next course left in its third lesson."""
    at = now - timedelta(days=30)
    guide = Study(courses[0].outline.code, at)
    for number, entry in enumerate(courses[0].outline.facts.lessons, 1):
        guide.steps.append(Reading(entry.slug, at + timedelta(days=number)))
    if len(courses) == 1:
        return [guide]
    study = Study(courses[1].outline.code, now - timedelta(days=9))
    first, second, third = courses[1].outline.facts.lessons[:3]
    study.steps += [
        Reading(first.slug, now - timedelta(days=8)),
        Reading(second.slug, now - timedelta(days=4)),
        Reading(third.slug, now - timedelta(days=1), place=7),
    ]
    return [guide, study]


def _act(person_id: UUID, outline: Outline, step: Step, random: Random) -> None:
    match step:
        case Reading(lesson, at, place) if place:
            learning.save_place(person_id, outline, lesson, element=place, now=at)
        case Reading(lesson, at, _):
            minutes = next(entry.minutes for entry in outline.facts.lessons if entry.slug == lesson)
            seconds = step.seconds(minutes)
            visit = Visit(at - timedelta(seconds=seconds), seconds)
            learning.finish_lesson(person_id, outline, lesson, at, visit)
        case Walking():
            _walk(person_id, outline, step)
        case Sitting():
            _sit(person_id, outline, step, random)


def _walk(person_id: UUID, outline: Outline, step: Walking) -> None:
    walk_id = scenarios.start(
        person_id=person_id,
        course_id=outline.course_id,
        version_id=outline.version_id,
        name=step.name,
        language=outline.facts.source_language,
        now=step.at,
    )
    for number, move in enumerate(step.moves, 1):
        scenarios.choose(walk_id, step=number, move=move, now=step.at + careers.CHOICE * number)


def _sit(person_id: UUID, outline: Outline, step: Sitting, random: Random) -> None:
    begun = quizzes.start(
        person_id=person_id,
        outline=outline,
        language=outline.facts.source_language,
        purpose=step.purpose,
        extra_time=0,
        now=step.at,
    )
    if not isinstance(begun, Started):
        raise RuntimeError(f"{outline.code}: no attempt could begin")  # noqa: TRY004 - a plan that breaks the rules
    attempt = begun.public_id
    given = test_answers.sheet(quizzes_queries.paper(quizzes_queries.lock(attempt)), step.right, random)
    if step.ended_at is None:
        given = test_answers.half(given)
    moment = step.at + timedelta(minutes=5)
    quizzes.save(attempt, given, arrived_at=moment, now=moment)
    if step.ended_at is not None:
        quizzes.hand_in(attempt, step.ended_at)


def _tell_of_courses(person_id: UUID, courses: Sequence[Asked], now: datetime) -> None:
    for course in courses:
        messages.tell(
            person_id,
            NoticeKind.COURSE_PUBLISHED,
            occasion=f"course-published:{course.outline.version_id}",
            facts={"course": course.outline.code},
            path=f"/courses/{course.outline.slug}",
            now=now,
        )


def mail_of_the_week(now: datetime) -> None:
    """Queue the mails of the last Monday, at an hour that is Monday's daytime in all 13 countries."""
    monday = (now - timedelta(days=now.weekday())).replace(hour=12, minute=0)
    if monday > now:
        monday -= timedelta(days=7)
    with as_of(monday):
        digest.send_week()
