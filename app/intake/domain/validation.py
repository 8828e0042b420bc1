"""Compare rows with accounts and invitations: a row is a new person, a change, the same, or wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from app.access.people_rules import can_invite, is_supervisor
from app.access.policy import Action, Actor, CountryScope, Role, allows
from app.intake.domain.headers import Column
from app.intake.domain.rows import CellProblem, PersonRow, RowReason, cleaned_cell, shared

R = TypeVar("R", "ExistingAccount", "PendingInvitation")
OF_POSTING = (Column.AGENCY, Column.POSTING)


class RowKind(StrEnum):
    """The result of checking a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class ExistingAccount:
    """A person with an account."""

    person_id: UUID
    country: str  # "" if the person has no posting
    serves: bool  # the account is active and the person has a posting today
    name: str
    latin_name: str
    service_number: str
    agency_id: UUID | None
    agency: str
    posting: tuple[str, ...]
    roles: frozenset[Role]
    moves: bool = False  # to another posting, on a later day


@dataclass(frozen=True, slots=True)
class PendingInvitation:
    """An open invitation: the person has no account yet."""

    country: str
    visible: bool  # to the sender of the sheet
    name: str
    latin_name: str
    service_number: str
    agency_id: UUID
    posting: tuple[str, ...]
    role: Role


@dataclass(frozen=True, slots=True)
class ServiceNumberOwner:
    """The person with a service number: mail address in the form of `shared`, and country ("" for none)."""

    mail: str
    country: str


@dataclass(frozen=True, slots=True)
class ExistingRecords:
    """The accounts, invitations and service numbers that a sheet refers to; keys are in the form of `shared`."""

    accounts: Mapping[str, ExistingAccount]
    invitations: Mapping[str, PendingInvitation]
    numbers: Mapping[str, ServiceNumberOwner]
    led: frozenset[str] = frozenset()  # countries with a present or former contact point, if that matters


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value of a person that the sheet changes; roles of the framework are separated by blanks."""

    column: Column
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row with the result of its check."""

    row: PersonRow
    kind: RowKind
    changes: tuple[ValueChange, ...] = ()
    faults: tuple[CellProblem, ...] = ()
    person_id: UUID | None = None
    waits: bool = False  # the same, as there is an open invitation with these values


def judge(rows: Sequence[PersonRow], actor: Actor, records: ExistingRecords) -> list[CheckedRow]:
    """Return the result of checking each row."""
    freed = {
        shared(account.service_number)
        for row in rows
        if (account := records.accounts.get(shared(row.mail))) and row.service_number and account.service_number
        if manages(actor, account.country) and shared(account.service_number) != shared(row.service_number)
    }
    return [_judge(row, actor, records, freed) for row in rows]


def usual_role(actor: Actor) -> Role | None:
    """Return the role of an empty cell: practitioner in a sheet of a contact point, else None."""
    return Role.PRACTITIONER if manages(actor, actor.country) else None


def manages(actor: Actor, country: str) -> bool:
    """Return whether the actor is contact point of a country, and so may change and export its people."""
    return allows(actor, Action.EXPORT_OFFICERS, CountryScope(country))


def _judge(row: PersonRow, actor: Actor, records: ExistingRecords, freed: set[str]) -> CheckedRow:
    mail, is_own = shared(row.mail), manages(actor, row.country)
    invitation = _of_country(records.invitations.get(mail), row.country)
    account = _of_country(records.accounts.get(mail), row.country)
    if invitation is not None and (is_own or invitation.visible):
        return _invited(_with_saved_names(row, invitation.name, invitation.latin_name), invitation)
    if account is not None and is_own:
        return _existing(_with_saved_names(row, account.name, account.latin_name), actor, account, records, freed)
    # all others learn as little about an address as the contact point of another country, and as rarely
    if _is_taken(mail, records):
        return _wrong(row, CellProblem(Column.MAIL, RowReason.ELSEWHERE))
    return _new(row, actor, records, freed)


def _is_taken(mail: str, records: ExistingRecords) -> bool:
    return mail in records.accounts or mail in records.invitations


def _of_country(record: R | None, country: str) -> R | None:
    return record if record is not None and record.country == country else None


def _with_saved_names(row: PersonRow, name: str, latin_name: str) -> PersonRow:
    """Return the row without problems of names that are already saved: an exported sheet can be imported again."""
    saved = {
        Column.NAME: cleaned_cell(Column.NAME, name),
        Column.LATIN_NAME: cleaned_cell(Column.LATIN_NAME, latin_name),
    }
    problems = (
        problem
        for problem in row.faults
        if problem.reason is not RowReason.NOT_A_NAME or problem.value != saved[problem.column]
    )
    return replace(row, faults=tuple(problems))


def _wrong(row: PersonRow, *problems: CellProblem) -> CheckedRow:
    return CheckedRow(row, RowKind.WRONG, faults=(*row.faults, *problems))


def _invited(row: PersonRow, invitation: PendingInvitation) -> CheckedRow:
    if row.faults:
        return _wrong(row)
    pairs = (
        (row.name, invitation.name), (row.latin_name, invitation.latin_name), (row.agency_id, invitation.agency_id),
        (shared(row.service_number), shared(invitation.service_number)), (row.posting, invitation.posting),
        (row.role, invitation.role),
    )  # fmt: skip
    if invitation.visible and all(not value or value == saved for value, saved in pairs):
        return CheckedRow(row, RowKind.SAME, waits=True)
    return _wrong(row, CellProblem(Column.MAIL, RowReason.INVITED))


def _new(row: PersonRow, actor: Actor, records: ExistingRecords, freed: set[str]) -> CheckedRow:
    role = row.role or usual_role(actor)
    required = ((Column.NAME, row.name), (Column.AGENCY, row.agency), (Column.ROLE, role))
    problems = [
        *(CellProblem(column, RowReason.MISSING) for column, value in required if not value),
        *_role_problems(row, actor, role, records),
        *_posting_problems(row, role),
        *_number_problems(row, actor, records, freed),
    ]
    reported = {problem.column for problem in row.faults}
    problems = [problem for problem in problems if problem.column not in reported]
    return _wrong(row, *problems) if problems or row.faults else CheckedRow(row, RowKind.NEW)


def _role_problems(row: PersonRow, actor: Actor, role: Role | None, records: ExistingRecords) -> list[CellProblem]:
    is_led = row.country in records.led
    if not role or not row.country or can_invite(actor.roles, actor.country, role, row.country, led=is_led):
        return []
    reason = RowReason.LED if role is Role.CONTACT_POINT and is_led else RowReason.UNKNOWN_ROLE
    return [CellProblem(Column.ROLE, reason, str(role))]


def _posting_problems(row: PersonRow, role: Role | None) -> list[CellProblem]:
    if role is Role.PRACTITIONER and not row.posting:
        return [CellProblem(Column.POSTING, RowReason.MISSING)]
    if role not in {None, Role.PRACTITIONER} and row.posting:
        return [CellProblem(Column.POSTING, RowReason.POSTING_UNFIT)]
    return []


def _existing(
    row: PersonRow, actor: Actor, account: ExistingAccount, records: ExistingRecords, freed: set[str]
) -> CheckedRow:
    if (reason := _unchangeable(account)) is not None:
        return _wrong(row, CellProblem(Column.MAIL, reason))
    changes = tuple(_changes(row, account))
    problems = _role_conflicts(row, account)
    if any(change.column is Column.SERVICE_NUMBER for change in changes):
        problems += _number_problems(row, actor, records, freed)
    problems += _change_problems(changes, actor, account)
    if problems or row.faults:
        return _wrong(row, *problems)
    return CheckedRow(row, RowKind.CHANGED if changes else RowKind.SAME, changes, person_id=account.person_id)


def _change_problems(changes: Sequence[ValueChange], actor: Actor, account: ExistingAccount) -> list[CellProblem]:
    of_posting = [change.column for change in changes if change.column in OF_POSTING]
    problems = [CellProblem(column, RowReason.MOVE_PLANNED) for column in of_posting if account.moves]
    if changes and account.person_id == actor.id:
        problems.append(CellProblem(changes[0].column, RowReason.OWN_ROW))
    return problems


def _unchangeable(account: ExistingAccount) -> RowReason | None:
    """Return why a sheet cannot change a person at all, or None."""
    if not account.serves:
        return RowReason.CLOSED
    return None if account.posting or is_supervisor(account.roles) else RowReason.NOT_AN_OFFICER


def _role_conflicts(row: PersonRow, account: ExistingAccount) -> list[CellProblem]:
    """Return the problems of roles that a sheet cannot change."""
    problems = []
    if row.role is not None and row.role not in account.roles:
        problems.append(CellProblem(Column.ROLE, RowReason.ROLE_DIFFERS))
    if row.posting and not account.posting:
        problems.append(CellProblem(Column.POSTING, RowReason.POSTING_UNFIT))
    return problems


def _changes(row: PersonRow, account: ExistingAccount) -> list[ValueChange]:
    """Return the values of the row that differ from the account; empty cells are ignored."""
    latin_name, number = account.latin_name, account.service_number
    values = [
        (Column.NAME, account.name, row.name, cleaned_cell(Column.NAME, account.name) != row.name),
        (Column.LATIN_NAME, latin_name, row.latin_name, cleaned_cell(Column.NAME, latin_name) != row.latin_name),
        (
            Column.SERVICE_NUMBER,
            number,
            row.service_number,
            shared(cleaned_cell(Column.SERVICE_NUMBER, number)) != shared(row.service_number),
        ),
        (Column.AGENCY, account.agency, row.agency, row.agency_id != account.agency_id),
        (Column.POSTING, " ".join(account.posting), " ".join(row.posting), row.posting != account.posting),
    ]
    return [ValueChange(column, before, after) for column, before, after, differs in values if after and differs]


def _number_problems(row: PersonRow, actor: Actor, records: ExistingRecords, freed: set[str]) -> list[CellProblem]:
    """Return the problem of a service number of another person; another country is not revealed, as for addresses."""
    number = shared(row.service_number)
    owner = records.numbers.get(number) if number else None
    if owner is None or owner.mail == shared(row.mail) or number in freed:
        return []
    own = manages(actor, owner.country)
    return [CellProblem(Column.SERVICE_NUMBER, RowReason.NUMBER if own else RowReason.ELSEWHERE)]
