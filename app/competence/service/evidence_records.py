"""Record, void and rebuild evidence: lock the person, write results (`store`), record events, notify."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import select, update

from app.access.targets import Target
from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.competence.domain.assessment import EvidenceBook, EvidenceRow, rebuilt_book, rules, with_evidence
from app.competence.domain.evidence import REMOVED, EvidenceKind
from app.competence.domain.measure import EDITION
from app.competence.events import EvidenceRecorded, EvidenceVoided, StandingChanged
from app.competence.models import Claim, Evidence
from app.competence.queries import rule_inputs
from app.competence.queries.rule_inputs import Key
from app.competence.service import store
from app.competence.service.store import PeriodChange, Values
from app.db.session import db, record
from app.identity.queries import postings as accounts
from app.identity.queries.postings import PostingSpan
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvidence:
    """A piece of evidence to be recorded.

    `share` of `items` was right, and `mark` is the pass mark; None, None and 0 if nothing was asked. `source` is the
    origin, as "course:<id>:test:<attempt>" or "workshop:<id>:<assessor>": the same source counts once for a
    competency and level, and sources with the same first two parts are one training. `done_at` is the time of the
    activity; None: the time of recording, or the end of an earlier day.
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
        """Return the key that identifies a piece of evidence of the person."""
        return self.competency, self.level, self.source


_EVIDENCE_FIELDS = tuple(field.name for field in fields(NewEvidence) if field.name != "done_at")


def add_evidence(new: NewEvidence, now: datetime) -> int | None:
    """Record a piece of evidence and update the results; return its number, None if it is stored already.

    Raises DomainError for a competency that is not in the framework, or a report on oneself.
    """
    return add_all([new], now)[0]


def add_all(news: Sequence[NewEvidence], now: datetime) -> list[int | None]:
    """Record several pieces of evidence on one person, reading and writing once for all of them.

    Returns the numbers in the same order. Raises as `add_evidence`, ValueError for several people or a future day.
    """
    return _add(news, read_framework([new.competency for new in news]), now) if news else []


def add_known(news: Sequence[NewEvidence], now: datetime) -> list[int | None]:
    """Record as `add_all`, without competencies that are not in the framework: a course may be older than it."""
    framework = catalogue.competencies() or Competencies()
    recordable = [new for new in news if framework.get(new.competency) is not None]
    return _add(recordable, framework, now) if recordable else []


def void(evidence_id: int, *, by: UUID | None, reason: str, now: datetime) -> int:
    """Void a piece of evidence for a reason, and return the number of the voiding row.

    Raises NoResultFound for an unknown number, DomainError without a reason or if it is voided already.
    """
    evidence = db.session.get_one(Evidence, evidence_id)
    if not reason.strip():
        raise DomainError("Say why this evidence is taken out.")
    postings = accounts.lock(evidence.person_id)
    out = select(Evidence.id).where(Evidence.voids == evidence_id)
    if evidence.kind is EvidenceKind.VOID or db.session.scalar(out) is not None:
        raise DomainError("This evidence is out already.")
    row = {
        "person_id": evidence.person_id, "competency": evidence.competency, "level": evidence.level, "day": now.date(),
        "done_at": now, "kind": EvidenceKind.VOID, "source": f"void:{evidence_id}", "recorded_by": by,
        "recorded_at": now, "voids": evidence_id, "reason": reason.strip(),
    }  # fmt: skip
    [number] = store.add([row]).values()
    record(EvidenceVoided(at=now, evidence=evidence_id, person_id=evidence.person_id, kind=evidence.kind))
    _rebuild(evidence.person_id, [evidence.competency], postings, now)
    return number


def rebuild(person_id: UUID, now: datetime) -> None:
    """Recalculate all results of a person from the evidence: after a changed framework, or a new posting."""
    store.rewrite_validity(person_id, _rebuild(person_id, [], accounts.lock(person_id), now))


def delete_reasons(person_id: UUID) -> None:
    """Delete the reasons written about a person; the evidence itself stays and counts."""
    for table, left in ((Claim, ""), (Evidence, REMOVED)):
        worded = update(table).where(table.person_id == person_id, table.reason != "")
        db.session.execute(worded.values(reason=left), execution_options={"synchronize_session": False})


def read_framework(competencies: Collection[str]) -> Competencies:
    framework = catalogue.competencies()
    names = set() if framework is None else {competency.id for competency in framework.competencies}
    for name in competencies:
        if name not in names:
            raise DomainError("There is no competency %(code)s.", code=name)
    assert framework is not None  # noqa: S101 - every caller gives a competency
    return framework


def _add(news: Sequence[NewEvidence], framework: Competencies, now: datetime) -> list[int | None]:
    person_id = _one_person(news)
    _check_days(news, now)
    postings = accounts.lock(person_id)
    stored = rule_inputs.stored_books([person_id], sorted({new.competency for new in news}))
    before = {new.key: stored.get(new.key, EvidenceBook()) for new in news}
    fresh = {new.same: new for new in news if new.same[1:] not in before[new.key].sources}  # the last of each source
    numbers = store.add([_row(new, now) for new in fresh.values()])
    changed = dict(before)
    for same, new in fresh.items():
        row = EvidenceRow(numbers[same], new.level, _done_at(new, now), now, rule_inputs.piece(new))
        changed[new.key] = with_evidence(changed[new.key], row, rules(framework, new.competency), postings)
        record(_recorded(new, row.id, now))
    _store(before, changed, now)
    return [numbers.pop(new.same, None) for new in news]


def _check_days(news: Sequence[NewEvidence], now: datetime) -> None:
    """Raise ValueError for evidence of a future day, or of another day than `done_at`."""
    if any(new.day > now.date() for new in news):
        raise ValueError("evidence of a day to come")
    if any(new.done_at is not None and new.done_at.date() != new.day for new in news):
        raise ValueError("evidence of another day than its deed")


def _one_person(news: Sequence[NewEvidence]) -> UUID:
    first = news[0].person_id
    if any(new.person_id != first for new in news):
        raise ValueError("evidence of several people")
    if any(new.kind is EvidenceKind.SUPERVISOR and new.recorded_by == first for new in news):
        raise DomainError("You cannot report on yourself.")
    return first


def _row(new: NewEvidence, now: datetime) -> Values:
    values = {name: getattr(new, name) for name in _EVIDENCE_FIELDS}
    return {**values, "done_at": _done_at(new, now), "recorded_at": now, "voids": None, "reason": ""}


def _done_at(new: NewEvidence, now: datetime) -> datetime:
    if new.done_at is not None:
        return new.done_at
    return now if new.day == now.date() else datetime.combine(new.day, time.max, UTC)


def _rebuild(
    person_id: UUID, competencies: Collection[str], postings: Sequence[PostingSpan], now: datetime
) -> Mapping[Key, EvidenceBook]:
    before = rule_inputs.stored_books([person_id], competencies)
    framework = catalogue.competencies() or Competencies()
    again = {key: rebuilt_book(book, rules(framework, key[1]), postings) for key, book in before.items()}
    _store(before, again, now)
    return again


def _store(before: Mapping[Key, EvidenceBook], changed: Mapping[Key, EvidenceBook], now: datetime) -> None:
    """Write the changes and notify people; changes by a new edition of the rules have a notice of their own."""
    changes = store.store(before, changed)
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
    _tell_of_verified([moved for moved in changes if (moved.person_id, moved.competency) not in recounted], now)
    _tell_of_edition([key for key in recounted if _shows_otherwise(before[key], changed[key])], now)


def _tell_of_edition(keys: Collection[Key], now: datetime) -> None:
    """Notify people once that their states or dates follow new rules."""
    for person_id in {key[0] for key in keys}:
        names = ", ".join(sorted(name for of, name in keys if of == person_id))
        occasion, facts, path = f"measure:{EDITION}", {"competency": names}, ports().path_to(Target.PATH)
        messages.notify(person_id, NoticeKind.MEASURE_CHANGED, occasion=occasion, facts=facts, path=path, now=now)


def _shows_otherwise(before: EvidenceBook, after: EvidenceBook) -> bool:
    """Return whether a status or a date on a page differs."""
    ends = [{level: times[-1].until for level, times in book.periods.items()} for book in (before, after)]
    return ends[0] != ends[1] or bool(before.states) != bool(after.states)


def _tell_of_verified(changes: Sequence[PeriodChange], now: datetime) -> None:
    """Notify people of competencies that are now verified, once for several levels."""
    began_by_key = {
        (change.person_id, change.competency): change.began for change in changes if _holds_now(change, now)
    }
    for key, began in began_by_key.items():
        notify_holder(key, NoticeKind.COMPETENCE_VERIFIED, f"verified:{key[1]}:{began}", now)


def _holds_now(change: PeriodChange, now: datetime) -> bool:
    return change.began is not None and change.until is not None and change.until >= now.date()


def notify_holder(key: Key, kind: NoticeKind, occasion: str, now: datetime) -> bool:
    """Notify a person of one of their competencies; return False if there is a notice of the occasion already."""
    person_id, competency = key
    facts, path = {"competency": competency}, ports().path_to(Target.COMPETENCY, competency)
    return messages.notify(person_id, kind, occasion=occasion, facts=facts, path=path, now=now)


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
