"""Use cases of requests for a check: ask, withdraw, decline, and follow what becomes of a sitting."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Select, select

from app.access.policy import Role, Scope
from app.access.targets import Target
from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.checks.domain.requests import LIVE, Asker, AskRefusal, CheckRequestState, RequestStep, refusal, state_after
from app.checks.events import CheckAsked, CheckRequestAnswered
from app.checks.models import CheckRequest, SittingTask
from app.checks.queries import offers, requests as queries
from app.checks.queries.ways import posting_today
from app.competence.domain.evidence import LEVELS, REMOVED
from app.competence.domain.needs import higher
from app.competence.domain.statuses import VerificationStatus, status
from app.competence.queries import competencies as competence
from app.db.session import db, record
from app.identity.queries import postings, roles
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind, NoticeResult
from app.messages.service import outbox
from app.ports import ports

Asked = Collection[tuple[str, Level]]  # competencies, each at a level


def ask(person_id: UUID, competency: str, level: Level, now: datetime) -> UUID | AskRefusal:
    """Ask the contact points of the officer's country for a check; return the request, or why it is not possible.

    A live request for the competency is returned as it is: repeating it changes nothing.
    Raises DomainError for a competency without this level.
    """
    postings.lock(person_id)
    earlier = list(db.session.scalars(_of_person(person_id, competency).with_for_update()))
    live = next((row for row in earlier if row.state in LIVE), None)
    if live is not None:
        return live.id
    asker = _asker(person_id, competency, level, earlier, now.date())
    reason = refusal(asker, now.date())
    if reason is not None:
        return reason
    withdrawn = next((row for row in earlier if row.state is CheckRequestState.WITHDRAWN), None)
    request = withdrawn or CheckRequest(person_id=person_id, competency=competency)
    request.country, request.level, request.state = asker.country, level, CheckRequestState.OPEN
    request.asked_at, request.answered_at, request.answered_by = now, None, None
    db.session.add(request)
    db.session.flush()
    _record_asked(request, now)
    _notify_contact_points(asker.country, competency, level, now)
    return request.id


def refusal_of(person_id: UUID, competency: str, level: Level, today: date) -> AskRefusal | None:
    """Return why an officer cannot ask for a check today, or None."""
    earlier = list(db.session.scalars(_of_person(person_id, competency)))
    return refusal(_asker(person_id, competency, level, earlier, today), today)


def withdraw(request_id: UUID, now: datetime) -> None:
    """Withdraw an open request; raise IllegalMoveError if it was answered."""
    request = db.session.scalars(_locking(CheckRequest.id == request_id)).one()
    _move([request], RequestStep.WITHDRAW, request.person_id, now)


def decline(request_ids: Collection[UUID], *, by: UUID, reason: str, now: datetime) -> int:
    """Decline open requests with a reason; skip those that were answered meanwhile, and return the number."""
    rows = list(db.session.scalars(_locking(CheckRequest.id.in_(request_ids))))
    declined = [row for row in rows if row.state is CheckRequestState.OPEN]
    for row in declined:
        row.reason = reason
    _move(declined, RequestStep.DECLINE, by, now)
    for row in declined:
        outbox.notify(
            row.person_id,
            NoticeKind.CHECK_DECLINED,
            occasion=f"check-declined:{row.id}:{now:%Y-%m-%dT%H:%M}",
            facts={"competency": row.competency},
            path=ports().path_to(Target.COMPETENCY, row.competency),
            now=now,
        )
    return len(declined)


def mark_planned(
    sitting_id: UUID, person_ids: Collection[UUID], competencies: Asked, now: datetime, *, by: UUID | None = None
) -> int:
    """Note that a sitting is planned for the open requests of its officers; return the number of these requests.

    `competencies` are those of the sitting, each at its level, which answers requests for a lower level too.
    """
    highest: dict[str, Level] = {}
    for name, level in competencies:
        highest[name] = higher(highest.get(name, level), level)
    query = _locking(
        CheckRequest.person_id.in_(person_ids),
        CheckRequest.competency.in_(highest.keys()),
        CheckRequest.state == CheckRequestState.OPEN,
    )
    rows = [row for row in db.session.scalars(query) if _is_enough(highest[row.competency], row.level)]
    for row in rows:
        row.sitting_id = sitting_id
    _move(rows, RequestStep.PLAN, by, now)
    return len(rows)


def plan_for_seat(sitting_id: UUID, person_id: UUID, now: datetime, *, by: UUID | None = None) -> int:
    """Note that a sitting is planned for the open requests of an officer with a seat; return their number."""
    tasks = select(SittingTask.competency, SittingTask.level).where(SittingTask.sitting_id == sitting_id)
    is_open = (CheckRequest.person_id == person_id, CheckRequest.state == CheckRequestState.OPEN)
    if db.session.scalar(select(CheckRequest.id).where(*is_open).limit(1)) is None:
        return 0
    aims = [(row.competency, row.level) for row in db.session.execute(tasks)]
    return mark_planned(sitting_id, [person_id], aims, now, by=by)


def mark_done(person_id: UUID, competency: str, now: datetime) -> None:
    """Note that an officer's check of a competency was held: live requests are done, whatever the result."""
    rows = db.session.scalars(_of_person(person_id, competency).where(CheckRequest.state.in_(LIVE)).with_for_update())
    _move(list(rows), RequestStep.FINISH, None, now)


def reopen(sitting_id: UUID, now: datetime, *, person_ids: Collection[UUID] | None = None) -> int:
    """Open the planned requests of a cancelled sitting again, or only those of officers who were absent."""
    among = () if person_ids is None else (CheckRequest.person_id.in_(person_ids),)
    query = _locking(CheckRequest.sitting_id == sitting_id, CheckRequest.state == CheckRequestState.PLANNED, *among)
    rows = list(db.session.scalars(query))
    for row in rows:
        row.sitting_id = None
    _move(rows, RequestStep.REOPEN, None, now)
    for country, competency, level in dict.fromkeys(_group(row) for row in rows):
        _notify_contact_points(country, competency, level, now)
    return len(rows)


def delete_texts(person_id: UUID, now: datetime) -> None:
    """Withdraw the open requests of a person whose identity was deleted, and remove the reasons of declined ones."""
    rows = list(db.session.scalars(_locking(CheckRequest.person_id == person_id)))
    _move([row for row in rows if row.state is CheckRequestState.OPEN], RequestStep.WITHDRAW, None, now)
    for row in rows:
        row.reason = REMOVED if row.reason else ""


def _move(rows: Sequence[CheckRequest], step: RequestStep, by: UUID | None, now: datetime) -> None:
    """Move requests, record each, and settle the notices of the groups that have no open request left."""
    for row in rows:
        row.state = state_after(row.state, step)
        is_open = row.state is CheckRequestState.OPEN
        row.answered_by, row.answered_at = (None, None) if is_open else (by, now)
    db.session.flush()
    for row in rows:
        record(
            CheckRequestAnswered(
                at=now, check_request_id=row.id, person_id=row.person_id, competency=row.competency, state=row.state
            )
        )
    _settle({_group(row) for row in rows}, now)


def _settle(groups: Iterable[tuple[str, str, Level]], now: datetime) -> None:
    keys = frozenset(groups)
    for country, competency, level in sorted(keys - queries.open_groups(keys)):
        occasion = _occasion(country, competency, level)
        outbox.settle_notices(occasion, NoticeResult.CHECKS_ANSWERED, now, over_as=f"{occasion}:{uuid4().hex}")


def _notify_contact_points(country: str, competency: str, level: Level, now: datetime) -> None:
    """Write one notice for all open requests of a country for a competency at a level."""
    holders = roles.holders(Scope.COUNTRY, country, now.date())
    outbox.tell_all(
        {person_id for role, person_id in holders if role is Role.CONTACT_POINT},
        NoticeKind.CHECK_ASKED,
        occasion=_occasion(country, competency, level),
        facts={"competency": competency},
        path=ports().path_to(Target.CHECK_REQUESTS),
        now=now,
    )


def _occasion(country: str, competency: str, level: Level) -> str:
    return f"check-asked:{country}:{competency}.{level}"


def _group(row: CheckRequest) -> tuple[str, str, Level]:
    return row.country, row.competency, row.level


def _is_enough(level: Level, needed: Level) -> bool:
    return LEVELS.index(level) >= LEVELS.index(needed)


def _record_asked(request: CheckRequest, now: datetime) -> None:
    record(
        CheckAsked(
            at=now,
            check_request_id=request.id,
            person_id=request.person_id,
            country=request.country,
            competency=request.competency,
            level=request.level,
        )
    )


def _asker(person_id: UUID, competency: str, level: Level, earlier: Sequence[CheckRequest], today: date) -> Asker:
    """Return what decides whether an officer may ask. Raises DomainError for a competency without this level."""
    framework = catalogue.competencies() or Competencies()
    entry = framework.get(competency)
    if entry is None or level not in entry.levels:
        raise DomainError("The framework does not have this competency at that level.")
    posting = posting_today(person_id, today)
    ways = offers.possible(framework, [(competency, level)])[competency, level]
    return Asker(
        country=posting.country if posting else "",
        status=_status(person_id, competency, level, today),
        has_way=any(way.in_sitting for way in ways),
        declined_on=_declined_on(earlier),
    )


def _status(person_id: UUID, competency: str, level: Level, today: date) -> VerificationStatus:
    spans = competence.periods([person_id]).get(person_id, [])
    ends = [span.until for span in spans if span.competency == competency and span.level is level]
    return status(bool(ends), max(ends, default=None), today)


def _declined_on(earlier: Sequence[CheckRequest]) -> date | None:
    """Return the day of the last declined request among these."""
    days = [row.answered_at.date() for row in earlier if row.state is CheckRequestState.DECLINED and row.answered_at]
    return max(days, default=None)


def _of_person(person_id: UUID, competency: str) -> Select[CheckRequest]:
    query = select(CheckRequest).where(CheckRequest.person_id == person_id, CheckRequest.competency == competency)
    return query.order_by(CheckRequest.asked_at.desc(), CheckRequest.id)


def _locking(*conditions: ColumnElement[bool]) -> Select[CheckRequest]:
    """Return the query that locks requests in the order of their ids, and reads them as they are then."""
    query = select(CheckRequest).where(*conditions).order_by(CheckRequest.id)
    return query.with_for_update().execution_options(populate_existing=True)
