"""Checking and importing: one function per thing that can be done with a sheet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import delete, insert, select, update

from app.access.people_rules import ANYWHERE
from app.access.policy import Actor, Role
from app.db.locks import lock_key
from app.db.session import db, record
from app.directory.service import postings
from app.directory.service.postings import NewPosting
from app.identity import service
from app.identity.queries import people
from app.identity.queries import postings as accounts
from app.identity.service import NewIdentity
from app.intake.domain.grid import Note
from app.intake.domain.headers import Column
from app.intake.domain.rows import Fault, Reason, Row, without_gone_agency
from app.intake.domain.undo import SHEET_LIFE, UNDO_FOR
from app.intake.domain.validation import OF_POSTING, Change, ExistingAccount, Judged, Kind, judge, manages, usual_role
from app.intake.events import SheetChecked, SheetDropped, SheetImported, SheetStopped
from app.intake.models import Batch, BatchLine, CheckedSheet
from app.intake.queries import imports
from app.intake.queries import matching as intake_matching
from app.intake.shapes import Content
from app.invitations.events import InvitationRefused, InvitedElsewhere
from app.invitations.queries import matching
from app.invitations.service import bulk, lookup_limit
from app.invitations.service.invitations import NewInvitation
from app.kernel import clock
from app.kernel.errors import DomainError

MOST_SHEETS = 3  # that wait for one person: the oldest goes for a new one
IDENTITY = (Column.NAME, Column.LATIN_NAME, Column.SERVICE_NUMBER)
Titles = Callable[[Role, tuple[str, ...]], str]  # what an alias begins with


@dataclass(frozen=True, slots=True)
class Imported:
    """The sheet is imported, now or before."""

    batch_id: UUID
    before: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """Something has changed since the sheet was checked: it is judged anew and waits."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Too many addresses of a day are of other countries: of this sheet nothing is said and nothing kept."""


def country_of(actor: Actor) -> str:
    """Return the one country that somebody's sheets are of, "" where they reach beyond one.

    A contact point's are of the own country, whatever else they are: names of it stand in no sheet of all countries.
    """
    if manages(actor, actor.country):
        return actor.country
    return "" if actor.roles & set(ANYWHERE) else actor.country


def check(
    actor: Actor, rows: Sequence[Row], notes: Sequence[Note], *, now: datetime, real_now: datetime
) -> UUID | Stopped:
    """Judge a sheet and keep it for its sender; nothing else is written but how many of it are elsewhere."""
    lock_key(lookup_limit.turn(actor.id))
    if not lookup_limit.lookups_left(actor.id, real_now):
        return Stopped()
    content = _judged(actor, rows, notes, now)
    elsewhere = _elsewhere(content)
    if not _answers(actor, content, elsewhere, now, real_now):
        return Stopped()
    older = [one for one, _at in imports.sheets(actor)][MOST_SHEETS - 1 :]
    db.session.execute(delete(CheckedSheet).where(CheckedSheet.id.in_(older)))
    made = CheckedSheet(
        id=uuid4(), person_id=actor.id, content=_json(content), made_at=real_now, ends_at=real_now + SHEET_LIFE
    )
    db.session.add(made)
    record(
        SheetChecked(
            sheet_id=made.id, country=country_of(actor), rows=len(rows), wrong=content.counts()[Kind.WRONG],
            elsewhere=len(elsewhere),
        )
    )  # fmt: skip
    return made.id


def drop(actor: Actor, sheet_id: UUID) -> None:
    """Forget a checked sheet."""
    db.session.execute(delete(CheckedSheet).where(CheckedSheet.id == sheet_id, CheckedSheet.person_id == actor.id))
    record(SheetDropped(sheet_id=sheet_id, country=country_of(actor)))


def carry_out(
    actor: Actor, sheet_id: UUID, titles: Titles, language: str, *, now: datetime, real_now: datetime
) -> Imported | Moved | Stopped:
    """Import a checked sheet, all of it or none; judge it once more before, for others have been at work.

    Raises NoResultFound when there is no such sheet, DomainError when it is not fit to be imported, IntegrityError when
    somebody else takes an address or number at the same moment.
    """
    bulk.queue_for(country_of(actor))
    lock_key(lookup_limit.turn(actor.id))
    # people first: whoever forgets one holds them, and then the sheets in which they may stand
    service.lock_people([one.person_id for one in _waiting(actor, sheet_id) if one.person_id])
    query = select(CheckedSheet).where(CheckedSheet.id == sheet_id, CheckedSheet.person_id == actor.id)
    found = db.session.scalars(query.with_for_update(), execution_options={"populate_existing": True}).one_or_none()
    if found is None and (batch_id := imports.batch_of(actor, sheet_id)) is not None:
        return Imported(batch_id, before=True)
    before = imports.sheet(actor, sheet_id).content
    content = _judged(actor, [one.row for one in before.rows], before.notes, now)
    if content != before and found is not None:
        known = {one.row.number for one in _elsewhere(before)}
        new = [one for one in _elsewhere(content) if one.row.number not in known]
        if not _answers(actor, content, new, now, real_now):
            db.session.delete(found)
            return Stopped()
        found.content = _json(content)
        return Moved()
    if not content.can_be_imported:
        raise DomainError("This sheet cannot be imported: a row is wrong, or nothing in it is new.")
    batch_id = _carry_out(actor, sheet_id, content, titles, language, now=now, real_now=real_now)
    db.session.delete(found)
    return Imported(batch_id, before=False)


def delete_expired(real_now: datetime) -> int:
    """Remove sheets whose day is over, and what was before an import that cannot be undone any more."""
    gone = db.session.execute(delete(CheckedSheet).where(CheckedSheet.ends_at <= real_now))
    late = select(Batch.id).where(Batch.made_at <= real_now - UNDO_FOR)
    stale = update(BatchLine).where(BatchLine.changes.is_not(None), BatchLine.batch_id.in_(late))
    emptied = db.session.execute(stale.values(changes=None))
    return int(gone.rowcount + emptied.rowcount)  # type: ignore[attr-defined]


def delete_person(person_id: UUID, country: str) -> None:
    """Keep nothing of how somebody was called: sheets that wait are checked anew, for the name may stand in them."""
    db.session.execute(update(BatchLine).where(BatchLine.person_id == person_id).values(changes=None))
    senders = accounts.serving_in(country, clock.today())
    gone = delete(CheckedSheet).where(CheckedSheet.person_id.in_(senders))
    db.session.execute(gone, execution_options={"synchronize_session": False})


def change(wanted: Sequence[tuple[UUID, tuple[Change, ...]]], country: str, now: datetime) -> None:
    """Write what a sheet, or its undoing, says of known people of a country."""
    if not wanted:
        return
    ids = [person_id for person_id, _changes in wanted]
    service.lock_people(ids)
    who = {one: known for some in service.portions(ids) for one, known in people_of(some, now).items()}
    agencies = {name: one for one, _country, name in people.agencies(country)}
    renamed = [_identity(who[person_id], changes) for person_id, changes in wanted if names(changes, IDENTITY)]
    service.change_identities(renamed)
    for person_id, changes in wanted:
        if names(changes, OF_POSTING):
            values = {change.column: change.after for change in changes}
            known = who[person_id]
            agency_id = agencies[values.get(Column.AGENCY, known.agency)]
            roles = tuple(values.get(Column.POSTING, " ".join(known.posting)).split())
            postings.change_posting(person_id, NewPosting(agency_id, roles, now.date()), today=now.date())


def people_of(ids: Sequence[UUID], now: datetime) -> dict[UUID, ExistingAccount]:
    """Return those of these people who have an identity, as they are now."""
    return dict(intake_matching.known(matching.accounts_of(ids, now.date()), now.date()))


def names(changes: Sequence[Change], columns: Sequence[Column]) -> bool:
    """Say whether one of these columns changes."""
    return any(change.column in columns for change in changes)


def _waiting(actor: Actor, sheet_id: UUID) -> Sequence[Judged]:
    """Return the rows of a sheet as they wait, none of one that has become an import."""
    return () if imports.batch_of(actor, sheet_id) is not None else imports.sheet(actor, sheet_id).content.rows


def _judged(actor: Actor, rows: Sequence[Row], notes: Sequence[Note], now: datetime) -> Content:
    world = intake_matching.world(rows, actor, now.date())
    there = {one for one, _country, _name in people.agencies(country_of(actor))}
    return Content(tuple(judge([without_gone_agency(row, there) for row in rows], actor, world)), tuple(notes))


def _carry_out(
    actor: Actor, sheet_id: UUID, content: Content, titles: Titles, language: str, *, now: datetime, real_now: datetime
) -> UUID:
    new = [one for one in content.rows if one.kind is Kind.NEW]
    changed = [one for one in content.rows if one.kind is Kind.CHANGED and one.person_id is not None]
    batch = Batch(
        id=uuid4(), sheet_id=sheet_id, person_id=actor.id, country=country_of(actor), invited=len(new),
        changed=len(changed), same=content.counts()[Kind.SAME], made_at=real_now,
    )  # fmt: skip
    db.session.add(batch)
    db.session.flush()
    change([(one.person_id, one.changes) for one in changed if one.person_id], country_of(actor), now)
    wanted = [_new(one.row, actor, titles, language) for one in new]
    made = bulk.invite_all(wanted, actor.id, real_now)
    rows = [_line(batch.id, one, invitation) for one, invitation in zip(new, made, strict=True)]
    rows += [_line(batch.id, one, None) for one in changed]
    for some in service.portions(rows):
        db.session.execute(insert(BatchLine), list(some))
    record(SheetImported(batch_id=batch.id, country=batch.country, invited=len(new), changed=len(changed)))
    return batch.id


def _line(batch_id: UUID, one: Judged, invitation_id: UUID | None) -> dict[str, object]:
    return {
        "batch_id": batch_id,
        "number": one.row.number,
        "invitation_id": invitation_id,
        "person_id": one.person_id,
        "changes": _json(one.changes) if one.person_id else None,
    }


def _new(row: Row, actor: Actor, titles: Titles, language: str) -> NewInvitation:
    role = row.role or usual_role(actor)
    if role is None or row.agency_id is None:
        raise DomainError("This sheet cannot be imported: a row is wrong, or nothing in it is new.")
    return NewInvitation(
        mail=row.mail,
        name=row.name,
        latin_name=row.latin_name or None,
        service_number=row.service_number or None,
        country=row.country,
        agency_id=row.agency_id,
        role=role,
        posting_roles=row.posting,
        title=titles(role, row.posting),
        language=row.language or language,
    )


def _identity(who: ExistingAccount, changes: Sequence[Change]) -> NewIdentity:
    values = {change.column: change.after for change in changes}
    return NewIdentity(
        person_id=who.person_id,
        country=who.country,
        name=values.get(Column.NAME, who.name),
        latin_name=values.get(Column.LATIN_NAME, who.latin_name),
        service_number=values.get(Column.SERVICE_NUMBER, who.service_number),
        changed=tuple(str(column) for column in IDENTITY if column in values),
    )


def _elsewhere(content: Content) -> list[Judged]:
    return [one for one in content.rows if _says(one.faults, Reason.ELSEWHERE)]


def _answers(actor: Actor, content: Content, elsewhere: Sequence[Judged], now: datetime, real_now: datetime) -> bool:
    """Count and tell the rows that are elsewhere; say False where they are more than somebody learns in a day."""
    _tell_elsewhere(actor, elsewhere, now)
    if lookup_limit.record_lookup(actor.id, len(elsewhere), real_now):
        return True
    record(SheetStopped(country=country_of(actor), rows=len(content.rows), elsewhere=len(elsewhere)))
    return False


def _tell_elsewhere(actor: Actor, rows: Sequence[Judged], now: datetime) -> None:
    """Tell the contact points concerned, as a single invitation does: once a sheet, however many rows."""
    if not rows:
        return
    for country in sorted({one.row.country for one in rows if one.row.country}):
        record(InvitationRefused(country=country))
    mails = [one.row.mail for one in rows if _says(one.faults, Reason.ELSEWHERE, Column.MAIL)]
    numbers = [one.row.service_number for one in rows if _says(one.faults, Reason.ELSEWHERE, Column.SERVICE_NUMBER)]
    for country in intake_matching.countries_of(mails, numbers, now.date()):
        record(InvitedElsewhere(country=country))


def _says(faults: Sequence[Fault], reason: Reason, column: Column | None = None) -> bool:
    return any(fault.reason is reason and column in {None, fault.column} for fault in faults)


def _json(thing: object) -> str:
    return msgspec.json.encode(thing).decode()
