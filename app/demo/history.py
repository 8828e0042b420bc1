"""A half-done year, made through the services with the time at which each thing happened."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from app.access.policy import Role
from app.accounts import service as accounts
from app.accounts.domain import Scope
from app.accounts.service import NewPerson
from app.catalogue.shapes import Outline
from app.db.session import transaction
from app.demo import cast, lives, sheets
from app.demo.cast import Player
from app.demo.lives import Asked, Reading, Sitting, Step, Study, Walking
from app.home import jobs as digest
from app.kernel import clock, context
from app.learning import service as learning
from app.messages import service as messages
from app.messages.domain import NoticeKind
from app.quizzes import queries as quizzes_queries
from app.quizzes import service as quizzes
from app.quizzes.service import Started
from app.scenarios import service as scenarios

Agencies = dict[tuple[str, int], UUID]


def add_agencies() -> Agencies:
    """Add countries and agencies; return the agencies' ids by country and place."""
    found: Agencies = {}
    with transaction():
        for code, zone in cast.ZONES.items():
            accounts.add_country(code, zone)
        for service in cast.services():
            found[service.country, service.place] = accounts.add_agency(service.country, service.kind, service.name)
    return found


@dataclass(frozen=True, slots=True)
class Staff:
    """Who runs the academy, by id in the order of `cast.staff()`, and the two who publish."""

    ids: tuple[UUID, ...]
    trainers: tuple[UUID, UUID]


def add_staff(password_hash: str, now: datetime) -> tuple[Agencies, Staff]:
    """Add countries, agencies and those who run the academy."""
    agencies = add_agencies()
    players = cast.staff()
    ids = tuple(add_player(player, agencies, password_hash, now) for player in players)
    first, second = (found for found, player in zip(ids, players, strict=True) if "trainer" in player.roles)
    return agencies, Staff(ids, (first, second))


def let_teach(trainers: Sequence[UUID], courses: Sequence[Asked], now: datetime) -> None:
    """Grant trainers the courses that they teach."""
    for trainer in trainers:
        with _as_of(now), transaction():
            for course in courses:
                reach = str(course.outline.course_id)
                accounts.grant(trainer, Role.TRAINER, scope=Scope.COURSE, reach=reach, since=now.date())


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
    )
    with _as_of(now), transaction():
        person_id = accounts.add_person(new, now)
        for grant in player.grants:
            accounts.grant(person_id, grant.role, scope=grant.scope, reach=grant.reach, since=now.date())
    return person_id


def carry_out(person_id: UUID, courses: Sequence[Asked], studies: Sequence[Study], random: Random) -> None:
    """Do what a life says, one transaction a step: what it completes is heard before the next one."""
    known = {course.outline.code: course.outline for course in courses}
    acting = context.actor_id.set(person_id)
    try:
        for study in studies:
            outline = known[study.code]
            with transaction():
                learning.begin(person_id, outline, study.begun_at)
            for step in study.steps:
                with transaction():
                    _act(person_id, outline, step, random)
    finally:
        context.actor_id.reset(acting)


def tell_of_courses(person_id: UUID, courses: Sequence[Asked], now: datetime) -> None:
    """Write the notices of newly published courses."""
    with transaction():
        for course in courses:
            messages.tell(
                person_id,
                NoticeKind.COURSE_PUBLISHED,
                occasion=f"course-published:{course.outline.version_id}",
                facts={"course": course.outline.code},
                path=f"/courses/{course.outline.slug}",
                now=now,
            )


def read_notices(person_id: UUID, now: datetime) -> None:
    """Let somebody have read all notices."""
    with transaction():
        messages.mark_all_read(person_id, now)


def people_of_the_year(
    players: Sequence[Player],
    agencies: Agencies,
    courses: Sequence[Asked],
    *,
    password_hash: str,
    now: datetime,
    seed: int,
    each: Callable[[int], None] = lambda _done: None,
) -> None:
    """Add officers with their year; the first one is the practitioner of the tour. `each` hears how many are done."""
    random = Random(seed)  # noqa: S311 - an invented year, no secret
    for number, player in enumerate(players, 1):
        since = lives.joined(now, random)
        if number == 1:
            since = now - timedelta(days=40)
        person_id = add_player(player, agencies, password_hash, since)
        studies = tour(courses, now) if number == 1 else lives.live(courses, since, now, random)
        if number > 1:
            lives.leave_open(studies, now, random)
        carry_out(person_id, courses, studies, random)
        if number == 1:
            tell_of_courses(person_id, courses[1:], now - timedelta(days=6))
        elif random.random() < 0.7:
            read_notices(person_id, now)
        each(number)


def tour(courses: Sequence[Asked], now: datetime) -> list[Study]:
    """Return the life of the tour's practitioner: the guide completed, the next course left in its third lesson."""
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
            learning.keep_place(person_id, outline, lesson, place=place, now=at)
        case Reading(lesson, at, _):
            learning.finish_lesson(person_id, outline, lesson, at)
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
        scenarios.choose(walk_id, step=number, move=move, now=step.at + lives.CHOICE * number)


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
    given = sheets.sheet(quizzes_queries.paper(quizzes_queries.lock(attempt)), step.right, random)
    if step.ended_at is None:
        given = sheets.half(given)
    moment = step.at + timedelta(minutes=5)
    quizzes.save(attempt, given, arrived_at=moment, now=moment)
    if step.ended_at is not None:
        quizzes.hand_in(attempt, step.ended_at)


@contextmanager
def _as_of(moment: datetime) -> Iterator[None]:
    """Let events that name no time of their own happen then."""
    real_now = clock.real_now()
    before = clock.now() - real_now
    clock.move(lambda: moment - real_now)
    try:
        yield
    finally:
        clock.move(lambda: before)


def mail_of_the_week(now: datetime) -> None:
    """Queue the mails of the last Monday, at an hour that is Monday's daytime in all 13 countries."""
    monday = (now - timedelta(days=now.weekday())).replace(hour=12, minute=0)
    if monday > now:
        monday -= timedelta(days=7)
    clock.move(lambda: monday - now)
    try:
        digest.send_week()
    finally:
        clock.set_right()
