"""Changing what is known of an officer's competence: evidence, claims of earlier skill, needs by name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import select, update

from app.access.targets import Target
from app.accounts import queries as accounts
from app.accounts.queries import PostingSpan
from app.catalogue import queries as catalogue
from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.competence import books, writing
from app.competence.books import Key
from app.competence.domain.claims import ClaimState, ClaimStep, after
from app.competence.domain.evidence import REMOVED, EvidenceKind
from app.competence.domain.measure import EDITION
from app.competence.domain.reckoning import Book, Row, added, rebuilt, rules
from app.competence.events import (
    ClaimDecided,
    EvidenceRecorded,
    EvidenceVoided,
    NeedDropped,
    NeedNamed,
    SkillClaimed,
    StandingChanged,
)
from app.competence.models import Claim, Evidence, NamedNeed
from app.competence.recounting import sum_up
from app.competence.writing import Change, Values
from app.db.session import db, record
from app.kernel.errors import DomainError
from app.messages import service as messages
from app.messages.domain import NoticeKind
from app.ports import ports

__all__ = ["NewEvidence", "add_all", "add_evidence", "rebuild", "sum_up", "void"]  # the sums are a module of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvidence:
    """A piece of evidence to be recorded.

    `share` of `items` was right where `mark` was the pass mark; None, None and 0 where nothing was asked.
    `source` says what it came from, as "course:<id>:test:<attempt>" or "workshop:<id>:<assessor>": the same source
    counts once for a competency and level, and what shares its first two parts is one training. `done_at` is the time
    of the deed; None: the time of recording, or the end of an earlier day.
    """

    person_id: UUID
    competency: str
    level: Level
    day: date
    kind: EvidenceKind
    source: str
    share: float | None = None
    mark: float | None = None
    items: int = 0
    trust: float = 0.0
    watched: bool = False
    guess: float = 0.25
    assessor_id: UUID | None = None
    assessor_country: str = ""
    recorded_by: UUID | None = None
    done_at: datetime | None = None

    @property
    def key(self) -> Key:
        """Return the person and competency."""
        return self.person_id, self.competency

    @property
    def same(self) -> tuple[str, Level, str]:
        """Return what makes it the same piece of evidence as another one of the person."""
        return self.competency, self.level, self.source


_GIVEN = tuple(one.name for one in fields(NewEvidence) if one.name != "done_at")


def add_evidence(new: NewEvidence, now: datetime) -> int | None:
    """Record a piece of evidence with all that follows from it; return its number, None when it is there already.

    Raises DomainError for a competency that is not in the framework, or a report on oneself.
    """
    return add_all([new], now)[0]


def add_all(news: Sequence[NewEvidence], now: datetime) -> list[int | None]:
    """Record what one occasion says of one person's competencies, reading and writing once for all of them.

    Returns the numbers in the same order; raises as `add_evidence`, and ValueError for several people or a day to come.
    """
    return _add(news, _framework([one.competency for one in news]), now) if news else []


def add_known(news: Sequence[NewEvidence], now: datetime) -> list[int | None]:
    """Record as `add_all`, leaving out what the framework does not know: a course may be older than it."""
    framework = catalogue.competencies() or Competencies()
    known = [one for one in news if framework.get(one.competency) is not None]
    return _add(known, framework, now) if known else []


def void(evidence_id: int, *, by: UUID | None, reason: str, now: datetime) -> int:
    """Take a piece of evidence out, saying why, and return the number of the row that does it.

    Raises NoResultFound for an unknown number, DomainError without a reason or when it is out already.
    """
    found = db.session.get_one(Evidence, evidence_id)
    if not reason.strip():
        raise DomainError("Say why this evidence is taken out.")
    postings = accounts.lock(found.person_id)
    out = select(Evidence.id).where(Evidence.voids == evidence_id)
    if found.kind is EvidenceKind.VOID or db.session.scalar(out) is not None:
        raise DomainError("This evidence is out already.")
    row = {
        "person_id": found.person_id, "competency": found.competency, "level": found.level, "day": now.date(),
        "done_at": now, "kind": EvidenceKind.VOID, "source": f"void:{evidence_id}", "recorded_by": by,
        "recorded_at": now, "voids": evidence_id, "reason": reason.strip(),
    }  # fmt: skip
    [number] = writing.add([row]).values()
    record(EvidenceVoided(at=now, evidence=evidence_id, person_id=found.person_id, kind=found.kind))
    _rebuild(found.person_id, [found.competency], postings, now)
    return number


def rebuild(person_id: UUID, now: datetime) -> None:
    """Make all that is kept of a person again from the evidence: after a changed framework, or a new posting."""
    writing.hold_anew(person_id, _rebuild(person_id, [], accounts.lock(person_id), now))


def claim_skill(person_id: UUID, competency: str, level: Level, now: datetime) -> UUID:
    """Claim an earlier skill and return the claim's id; raise DomainError when there is evidence or a claim."""
    _framework([competency])
    accounts.lock(person_id)
    found = db.session.scalars(
        select(Claim).where(Claim.person_id == person_id, Claim.competency == competency, Claim.level == level)
    ).one_or_none()
    if found is not None and found.state is not ClaimState.WITHDRAWN:
        raise DomainError("You have claimed this already.")
    known = select(Evidence.id).where(
        Evidence.person_id == person_id, Evidence.competency == competency, Evidence.level == level
    )
    if db.session.scalar(known.limit(1)) is not None:
        raise DomainError("There is evidence on this already: a claim would change nothing.")
    if found is None:
        found = Claim(person_id=person_id, competency=competency, level=level)
        db.session.add(found)
    found.state, found.claimed_at, found.decided_at, found.decided_by = ClaimState.WAITING, now, None, None
    db.session.flush()
    record(SkillClaimed(at=now, claim_id=found.id, person_id=person_id, competency=competency, level=level))
    return found.id


def decide_claim(claim_id: UUID, *, by: UUID, endorse: bool, reason: str, now: datetime) -> None:
    """Endorse or decline a claim; raise IllegalMoveError when it is decided, DomainError for one's own.

    An endorsed claim is evidence at once, unless other evidence came first: then it changes nothing.
    """
    found = _locked(claim_id)
    if found.person_id == by:
        raise DomainError("A second person decides a claim.")
    found.state = after(found.state, ClaimStep.ENDORSE if endorse else ClaimStep.DECLINE)
    found.decided_by, found.decided_at, found.reason = by, now, reason.strip()
    record(ClaimDecided(at=now, claim_id=claim_id, person_id=found.person_id, state=found.state))
    _tell((found.person_id, found.competency), NoticeKind.CLAIM_DECIDED, f"claim:{claim_id}:{now:%Y-%m-%dT%H:%M}", now)
    if endorse:
        new = NewEvidence(
            person_id=found.person_id,
            competency=found.competency,
            level=found.level,
            day=now.date(),
            kind=EvidenceKind.CLAIM,
            source=f"claim:{claim_id}",
            recorded_by=by,
        )
        add_evidence(new, now)


def withdraw_claim(claim_id: UUID, now: datetime) -> None:
    """Take a claim back; raise IllegalMoveError when it is decided."""
    found = _locked(claim_id)
    found.state, found.decided_at = after(found.state, ClaimStep.WITHDRAW), now
    record(ClaimDecided(at=now, claim_id=claim_id, person_id=found.person_id, state=found.state))


def name_need(person_id: UUID, competency: str, level: Level, *, by: UUID, now: datetime) -> None:
    """Ask a person for a competency at a level by name; raise DomainError for one that is not in the framework."""
    entry = _framework([competency]).get(competency)
    if entry is None or level not in entry.levels:
        raise DomainError("This competency has no such level.")
    accounts.lock(person_id)
    found = db.session.get(NamedNeed, (person_id, competency))
    if found is None:
        found = NamedNeed(person_id=person_id, competency=competency)
        db.session.add(found)
    found.level, found.named_by, found.named_at = level, by, now
    record(NeedNamed(at=now, person_id=person_id, competency=competency, level=level))


def drop_need(person_id: UUID, competency: str, now: datetime) -> None:
    """No longer ask a person for a competency by name; nothing happens when nobody did."""
    found = db.session.get(NamedNeed, (person_id, competency))
    if found is not None:
        db.session.delete(found)
        record(NeedDropped(at=now, person_id=person_id, competency=competency))


def forget_words(person_id: UUID) -> None:
    """Remove the reasons that were written about somebody who is to be forgotten; the findings stay and count."""
    for table, left in ((Claim, ""), (Evidence, REMOVED)):
        worded = update(table).where(table.person_id == person_id, table.reason != "")
        db.session.execute(worded.values(reason=left), execution_options={"synchronize_session": False})


def _framework(competencies: Collection[str]) -> Competencies:
    found = catalogue.competencies()
    known = set() if found is None else {one.id for one in found.competencies}
    for name in competencies:
        if name not in known:
            raise DomainError("There is no competency %(code)s.", code=name)
    assert found is not None  # noqa: S101 - nobody calls it without a competency
    return found


def _add(news: Sequence[NewEvidence], framework: Competencies, now: datetime) -> list[int | None]:
    person_id = _one_person(news)
    if any(one.day > now.date() for one in news):
        raise ValueError("evidence of a day to come")
    if any(one.done_at is not None and one.done_at.date() != one.day for one in news):
        raise ValueError("evidence of another day than its deed")
    postings = accounts.lock(person_id)
    known = books.stored([person_id], sorted({one.competency for one in news}))
    before = {one.key: known.get(one.key, Book()) for one in news}
    fresh = dict(reversed([(one.same, one) for one in reversed(news) if one.same[1:] not in before[one.key].sources]))
    numbers = writing.add([_row(one, now) for one in fresh.values()])
    changed = dict(before)
    for same, one in fresh.items():
        row = Row(numbers[same], one.level, _done_at(one, now), now, books.piece(one))
        changed[one.key] = added(changed[one.key], row, rules(framework, one.competency), postings)
        record(_recorded(one, row.id, now))
    _store(before, changed, now)
    return [numbers.pop(one.same, None) for one in news]


def _one_person(news: Sequence[NewEvidence]) -> UUID:
    first = news[0].person_id
    if any(one.person_id != first for one in news):
        raise ValueError("evidence of several people")
    if any(one.kind is EvidenceKind.SUPERVISOR and one.recorded_by == first for one in news):
        raise DomainError("Nobody reports on themselves.")
    return first


def _row(new: NewEvidence, now: datetime) -> Values:
    known = {name: getattr(new, name) for name in _GIVEN}
    return {**known, "done_at": _done_at(new, now), "recorded_at": now, "voids": None, "reason": ""}


def _done_at(new: NewEvidence, now: datetime) -> datetime:
    if new.done_at is not None:
        return new.done_at
    return now if new.day == now.date() else datetime.combine(new.day, time.max, UTC)


def _rebuild(
    person_id: UUID, competencies: Collection[str], postings: Sequence[PostingSpan], now: datetime
) -> Mapping[Key, Book]:
    before = books.stored([person_id], competencies)
    framework = catalogue.competencies() or Competencies()
    again = {key: rebuilt(book, rules(framework, key[1]), postings) for key, book in before.items()}
    _store(before, again, now)
    return again


def _store(before: Mapping[Key, Book], changed: Mapping[Key, Book], now: datetime) -> None:
    """Write what changed and tell of it; what a new edition of the rules changed is one notice of its own."""
    changes = writing.store(before, changed)
    for change in changes:
        record(
            StandingChanged(
                at=now,
                person_id=change.person_id,
                competency=change.competency,
                level=change.level,
                until=change.until,
            )
        )
    recounted = {key for key, book in before.items() if book.edition < EDITION}
    _tell_of_verified([one for one in changes if (one.person_id, one.competency) not in recounted], now)
    _tell_of_edition([key for key in recounted if _shows_otherwise(before[key], changed[key])], now)


def _tell_of_edition(keys: Collection[Key], now: datetime) -> None:
    """Tell people once that their states or dates are counted by new rules."""
    for person_id in {key[0] for key in keys}:
        names = ", ".join(sorted(name for of, name in keys if of == person_id))
        occasion, facts = f"measure:{EDITION}", {"competency": names}
        messages.tell(
            person_id,
            NoticeKind.MEASURE_CHANGED,
            occasion=occasion,
            facts=facts,
            path=ports().path_to(Target.PATH),
            now=now,
        )


def _shows_otherwise(before: Book, after: Book) -> bool:
    """Return whether a status or a date on a page differs."""
    ends = [{level: times[-1].until for level, times in book.periods.items()} for book in (before, after)]
    return ends[0] != ends[1] or bool(before.states) != bool(after.states)


def _tell_of_verified(changes: Sequence[Change], now: datetime) -> None:
    """Tell people of competencies that they hold from now on; several levels at once are one word."""
    for key, began in {(one.person_id, one.competency): one.began for one in changes if _holds_now(one, now)}.items():
        _tell(key, NoticeKind.COMPETENCE_VERIFIED, f"verified:{key[1]}:{began}", now)


def _holds_now(change: Change, now: datetime) -> bool:
    return change.began is not None and change.until is not None and change.until >= now.date()


def _tell(key: Key, kind: NoticeKind, occasion: str, now: datetime) -> None:
    person_id, competency = key
    facts = {"competency": competency}
    messages.tell(
        person_id, kind, occasion=occasion, facts=facts, path=ports().path_to(Target.COMPETENCY, competency), now=now
    )


def _recorded(new: NewEvidence, number: int, now: datetime) -> EvidenceRecorded:
    return EvidenceRecorded(
        at=now,
        evidence=number,
        person_id=new.person_id,
        competency=new.competency,
        level=new.level,
        kind=new.kind,
        day=new.day,
    )


def _locked(claim_id: UUID) -> Claim:
    return db.session.scalars(select(Claim).where(Claim.id == claim_id).with_for_update()).one()
