"""Check a sheet of people and save the result, import it or delete it; retention of sheets and imports."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import delete, insert, select, update

from app.access.policy import ALL_COUNTRIES, Action, Actor, Role, allows
from app.db.locks import lock_key
from app.db.session import db, record
from app.directory.service import postings
from app.directory.service.postings import NewPosting
from app.identity import service
from app.identity.queries import people, postings as accounts
from app.identity.service import NewIdentity
from app.intake.domain import validation
from app.intake.domain.headers import Column
from app.intake.domain.rows import PersonRow, RowReason, without_deleted_agency
from app.intake.domain.undo import SHEET_LIFE, UNDO_FOR
from app.intake.domain.validation import OF_POSTING, CheckedRow, ExistingAccount, RowKind, ValueChange, manages
from app.intake.events import SheetChecked, SheetDropped, SheetImported, SheetStopped
from app.intake.models import Batch, BatchLine, CheckedSheet
from app.intake.queries import imports, matching as intake_matching
from app.intake.shapes import Content
from app.invitations.events import InvitationRefused, InvitedElsewhere
from app.invitations.service import bulk, lookup_limit
from app.invitations.service.invitations import NewInvitation
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.sheets.grid import ReadingNote

MOST_SHEETS = 3  # of one sender; a new sheet replaces the oldest
IDENTITY = (Column.NAME, Column.LATIN_NAME, Column.SERVICE_NUMBER)
Titles = Callable[[Role, tuple[str, ...]], str]  # the first words of an alias


@dataclass(frozen=True, slots=True)
class Imported:
    """The sheet is imported, by this request or an earlier one (`is_repeated`)."""

    batch_id: UUID
    is_repeated: bool


@dataclass(frozen=True, slots=True)
class SheetOutdated:
    """Data has changed since the sheet was checked: the new result is saved, and nothing is imported."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """The sheet is not saved and its result not shown: too many addresses today are of other countries."""


def country_of(actor: Actor) -> str:
    """Return the country of the actor's sheets, "" if they may have rows of several countries.

    Sheets of a contact point have one country, even with further roles: names of a country are in no other sheet.
    """
    if manages(actor, actor.country):
        return actor.country
    return "" if allows(actor, Action.BRING_IN, ALL_COUNTRIES) else actor.country


def check(
    actor: Actor, rows: Sequence[PersonRow], notes: Sequence[ReadingNote], *, now: datetime, real_now: datetime
) -> UUID | Stopped:
    """Check a sheet and save it for its sender; apart from that, only the number of foreign addresses is written."""
    lock_key(lookup_limit.lock_name(actor.id))
    if not lookup_limit.lookups_left(actor.id, real_now):
        return Stopped()
    content = _checked(actor, rows, notes, now)
    elsewhere = _elsewhere(content)
    if not _record_elsewhere(actor, content, elsewhere, now, real_now):
        return Stopped()
    older = [sheet_id for sheet_id, _at in imports.sheets(actor)][MOST_SHEETS - 1 :]
    db.session.execute(delete(CheckedSheet).where(CheckedSheet.id.in_(older)))
    sheet = CheckedSheet(
        id=uuid4(), person_id=actor.id, content=_json(content), made_at=real_now, ends_at=real_now + SHEET_LIFE
    )
    db.session.add(sheet)
    record(
        SheetChecked(
            sheet_id=sheet.id, country=country_of(actor), rows=len(rows), wrong=content.counts()[RowKind.WRONG],
            elsewhere=len(elsewhere),
        )
    )  # fmt: skip
    return sheet.id


def delete_sheet(actor: Actor, sheet_id: UUID) -> None:
    """Delete a checked sheet of the actor."""
    db.session.execute(delete(CheckedSheet).where(CheckedSheet.id == sheet_id, CheckedSheet.person_id == actor.id))
    record(SheetDropped(sheet_id=sheet_id, country=country_of(actor)))


def carry_out(
    actor: Actor, sheet_id: UUID, titles: Titles, language: str, *, now: datetime, real_now: datetime
) -> Imported | SheetOutdated | Stopped:
    """Import all rows of a checked sheet or none; check it again first, as data may have changed since.

    Raises NoResultFound if there is no such sheet, DomainError if it cannot be imported, IntegrityError if another user
    takes an address or number at the same time.
    """
    bulk.lock_country(country_of(actor))
    lock_key(lookup_limit.lock_name(actor.id))
    _lock_people(actor, sheet_id)
    query = select(CheckedSheet).where(CheckedSheet.id == sheet_id, CheckedSheet.person_id == actor.id)
    sheet = db.session.scalars(query.with_for_update(), execution_options={"populate_existing": True}).one_or_none()
    if sheet is None and (batch_id := imports.batch_of(actor, sheet_id)) is not None:
        return Imported(batch_id, is_repeated=True)
    before = imports.sheet(actor, sheet_id).content
    content = _checked(actor, [checked.row for checked in before.rows], before.notes, now)
    if content != before and sheet is not None:
        return _replace_content(actor, sheet, before, content, now=now, real_now=real_now)
    if not content.can_be_imported:
        raise DomainError("This sheet cannot be imported: a row is wrong, or nothing in it is new.")
    batch_id = _import(actor, sheet_id, content, titles, language, now=now, real_now=real_now)
    db.session.delete(sheet)
    return Imported(batch_id, is_repeated=False)


def delete_expired(real_now: datetime) -> int:
    """Delete expired sheets and the previous values of old imports; return the number of rows."""
    deleted = db.session.execute(delete(CheckedSheet).where(CheckedSheet.ends_at <= real_now))
    late = select(Batch.id).where(Batch.made_at <= real_now - UNDO_FOR)
    stale = update(BatchLine).where(BatchLine.changes.is_not(None), BatchLine.batch_id.in_(late))
    emptied = db.session.execute(stale.values(changes=None))
    return int(deleted.rowcount + emptied.rowcount)  # type: ignore[attr-defined]


def delete_person(person_id: UUID, country: str) -> None:
    """Delete the saved changes of a person, and the checked sheets of the country, which may contain the name."""
    db.session.execute(update(BatchLine).where(BatchLine.person_id == person_id).values(changes=None))
    senders = accounts.serving_in(country, clock.today())
    sheets = delete(CheckedSheet).where(CheckedSheet.person_id.in_(senders))
    db.session.execute(sheets, execution_options={"synchronize_session": False})


def change(wanted: Sequence[tuple[UUID, tuple[ValueChange, ...]]], country: str, now: datetime) -> None:
    """Write changed values of people of a country, from an import or from undoing one."""
    if not wanted:
        return
    ids = [person_id for person_id, _changes in wanted]
    service.lock_people(ids)
    accounts = intake_matching.accounts_of(ids, now.date())
    agencies = {name: agency_id for agency_id, _country, name in people.agencies(country)}
    renamed = [_identity(accounts[person_id], changes) for person_id, changes in wanted if has(changes, IDENTITY)]
    service.change_identities(renamed)
    for person_id, changes in wanted:
        if has(changes, OF_POSTING):
            posting = _posting(accounts[person_id], changes, agencies, now.date())
            postings.change_posting(person_id, posting, today=now.date())


def has(changes: Sequence[ValueChange], columns: Sequence[Column]) -> bool:
    """Return whether the changes include one of these columns."""
    return any(change.column in columns for change in changes)


def _lock_people(actor: Actor, sheet_id: UUID) -> None:
    """Lock the people of a sheet before the sheet itself, in the order of `delete_person`."""
    if imports.batch_of(actor, sheet_id) is None:
        rows = imports.sheet(actor, sheet_id).content.rows
        service.lock_people([checked.person_id for checked in rows if checked.person_id])


def _replace_content(
    actor: Actor, sheet: CheckedSheet, before: Content, content: Content, *, now: datetime, real_now: datetime
) -> SheetOutdated | Stopped:
    """Save the new result of a sheet, or delete the sheet if it would reveal too many foreign addresses."""
    reported = {checked.row.number for checked in _elsewhere(before)}
    new = [checked for checked in _elsewhere(content) if checked.row.number not in reported]
    if not _record_elsewhere(actor, content, new, now, real_now):
        db.session.delete(sheet)
        return Stopped()
    sheet.content = _json(content)
    return SheetOutdated()


def _checked(actor: Actor, rows: Sequence[PersonRow], notes: Sequence[ReadingNote], now: datetime) -> Content:
    records = intake_matching.existing_records(rows, actor, now.date())
    agencies = {agency_id for agency_id, _country, _name in people.agencies(country_of(actor))}
    return Content(
        tuple(validation.judge([without_deleted_agency(row, agencies) for row in rows], actor, records)), tuple(notes)
    )


def _import(
    actor: Actor, sheet_id: UUID, content: Content, titles: Titles, language: str, *, now: datetime, real_now: datetime
) -> UUID:
    new, changed = content.of_kind(RowKind.NEW), content.of_kind(RowKind.CHANGED)
    batch = Batch(
        id=uuid4(), sheet_id=sheet_id, person_id=actor.id, country=country_of(actor), invited=len(new),
        changed=len(changed), same=content.counts()[RowKind.SAME], made_at=real_now,
    )  # fmt: skip
    db.session.add(batch)
    db.session.flush()
    change([(checked.person_id, checked.changes) for checked in changed if checked.person_id], batch.country, now)
    invitation_ids = bulk.invite_all([_new(row.row, actor, titles, language) for row in new], actor.id, real_now)
    lines = [_line(batch.id, *pair) for pair in zip(new, invitation_ids, strict=True)]
    lines += [_line(batch.id, checked, None) for checked in changed]
    for portion in service.portions(lines):
        db.session.execute(insert(BatchLine), list(portion))
    record(SheetImported(batch_id=batch.id, country=batch.country, invited=len(new), changed=len(changed)))
    return batch.id


def _line(batch_id: UUID, checked: CheckedRow, invitation_id: UUID | None) -> dict[str, object]:
    return {
        "batch_id": batch_id,
        "number": checked.row.number,
        "invitation_id": invitation_id,
        "person_id": checked.person_id,
        "changes": _json(checked.changes) if checked.person_id else None,
    }


def _new(row: PersonRow, actor: Actor, titles: Titles, language: str) -> NewInvitation:
    role = row.role or validation.usual_role(actor)
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


def _identity(account: ExistingAccount, changes: Sequence[ValueChange]) -> NewIdentity:
    values = {change.column: change.after for change in changes}
    return NewIdentity(
        person_id=account.person_id,
        country=account.country,
        name=values.get(Column.NAME, account.name),
        latin_name=values.get(Column.LATIN_NAME, account.latin_name),
        service_number=values.get(Column.SERVICE_NUMBER, account.service_number),
        changed=tuple(str(column) for column in IDENTITY if column in values),
    )


def _posting(
    account: ExistingAccount, changes: Sequence[ValueChange], agencies: Mapping[str, UUID], since: date
) -> NewPosting:
    values = {change.column: change.after for change in changes}
    roles = values.get(Column.POSTING, " ".join(account.posting)).split()
    return NewPosting(agencies[values.get(Column.AGENCY, account.agency)], tuple(roles), since)


def _elsewhere(content: Content) -> list[CheckedRow]:
    """Return the rows with an address or a service number of another country."""
    return [checked for checked in content.rows if _is_elsewhere(checked, *Column)]


def _is_elsewhere(checked: CheckedRow, *columns: Column) -> bool:
    return any(problem.reason is RowReason.ELSEWHERE and problem.column in columns for problem in checked.faults)


def _record_elsewhere(
    actor: Actor, content: Content, rows: Sequence[CheckedRow], now: datetime, real_now: datetime
) -> bool:
    """Count rows of other countries and notify their contact points; return False above the limit of a day."""
    _notify_elsewhere(rows, now)
    if lookup_limit.record_lookup(actor.id, len(rows), real_now):
        return True
    record(SheetStopped(country=country_of(actor), rows=len(content.rows), elsewhere=len(rows)))
    return False


def _notify_elsewhere(rows: Sequence[CheckedRow], now: datetime) -> None:
    """Notify the contact points concerned as for a single invitation, but once for all rows of a sheet."""
    if not rows:
        return
    for country in sorted({checked.row.country for checked in rows if checked.row.country}):
        record(InvitationRefused(country=country))
    mails = [checked.row.mail for checked in rows if _is_elsewhere(checked, Column.MAIL)]
    numbers = [checked.row.service_number for checked in rows if _is_elsewhere(checked, Column.SERVICE_NUMBER)]
    for country in intake_matching.countries_of(mails, numbers, now.date()):
        record(InvitedElsewhere(country=country))


def _json(content: object) -> str:
    return msgspec.json.encode(content).decode()
