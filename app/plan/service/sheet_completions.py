"""Completions elsewhere as a sheet of the own country: a row for each officer and course, recorded at once."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import chain
from uuid import UUID

from sqlalchemy import ColumnElement

from app.access.policy import Action, Actor
from app.catalogue.queries import versions
from app.db import blind_index
from app.identity import service as identity
from app.identity.queries import people
from app.identity.queries.people import OfficerLine
from app.kernel.errors import DomainError
from app.kernel.folding import fold
from app.learning.domain import recorded_completions as rules
from app.learning.domain.recorded_completions import CompletionProof, NewRecordedCompletion
from app.learning.queries import recorded_completions as records
from app.learning.service import recorded_completions
from app.learning.shapes import RecordedLine
from app.plan import labels
from app.plan.domain import sheet_formats
from app.plan.domain.value_sheets import VALUE, CheckedValue, EnteredRow, ExistingRow, Key, ValueOutcome
from app.plan.service.sheet_sources import SheetComparison, SheetSource, WriteContext, WrittenRow
from app.plan.shapes import ValueBatchLine

Officers = Mapping[str, OfficerLine]  # by alias or service number


def prefilled(actor: Actor, _part: str, today: date) -> list[ExistingRow]:
    """Return the valid records of the own country by alias and course; officers who left are left out."""
    lines = records.of_country(actor.country)
    aliases = _aliases({line.person_id for line in lines}, actor.country, today)
    codes = {course.id: course.code for course in versions.course_records()}
    rows = [
        _filled((aliases[line.person_id], codes[line.course_id]), line)
        for line in lines
        if line.person_id in aliases and line.course_id in codes
    ]
    return sorted(rows, key=lambda row: row.key)


def compare(actor: Actor, rows: Sequence[EnteredRow], now: datetime) -> SheetComparison:
    """Return the rows with the aliases of officers of the own country, and the records of these officers."""
    codes = {course.code: course.id for course in versions.course_records()}
    officers = _officers({row.key[0] for row in rows}, actor.country, now.date())
    canonical = [_canonical(row, officers, codes) for row in rows]
    lines = {line.alias: line.person_id for line in officers.values()}
    existing = _existing(canonical, lines, codes)

    def rule(row: EnteredRow, _existing_row: ExistingRow) -> None:
        new = _new(row, lines, codes)
        rules.check(new, now.date())
        if new.person_id == actor.id:
            raise DomainError("Another contact point must record your own completions.")

    return SheetComparison(canonical, existing, rule)


def write(rows: Sequence[CheckedValue], context: WriteContext) -> list[WrittenRow]:
    """Record the completions of a sheet."""
    actor = context.by
    codes = {course.code: course.id for course in versions.course_records()}
    officers = _officers({checked.row.key[0] for checked in rows}, actor.country, context.now.date())
    lines = {line.alias: line.person_id for line in officers.values()}
    identity.lock_people(list(lines.values()))
    before = {(line.person_id, line.course_id): line.id for line in _records(lines.values())}
    written: list[WrittenRow] = []
    for checked in rows:
        new = _new(checked.row, lines, codes)
        record_id = recorded_completions.record_completion(new, country=actor.country, by=actor, now=context.now)
        written.append(WrittenRow(record_id, before.get((new.person_id, new.course_id))))
    return written


def undo(line: ValueBatchLine, context: WriteContext) -> ValueOutcome:
    """End a record from today on, and record again what it replaced."""
    if not recorded_completions.end_record(line.record_id, by=context.by.id, now=context.now):
        return ValueOutcome.CHANGED
    if line.replaced_id is not None:
        recorded_completions.restore_record(line.replaced_id, by=context.by.id, now=context.now)
    return ValueOutcome.UNDONE


def _canonical(row: EnteredRow, officers: Officers, codes: Collection[str]) -> EnteredRow:
    """Return a row with alias, code of the course and proof as the academy writes them."""
    text, course = row.key
    officer = officers.get(text)
    alias = text if officer is None else officer.alias
    code = next((code for code in codes if fold(code) == fold(course)), course)
    proof = _proof(row.entries["proof"])
    entries = {**row.entries, "proof": row.entries["proof"] if proof is None else proof.value}
    return replace(row, key=(alias, code), entries=entries)


def _proof(text: str) -> CompletionProof | None:
    """Return the proof with this name in the language of the user or as stored, or None."""
    wanted = fold(text)
    names = {fold(str(labels.PROOFS[proof])): proof for proof in CompletionProof}
    return names.get(wanted) or next((proof for proof in CompletionProof if fold(proof.value) == wanted), None)


def _new(row: EnteredRow, officers: Mapping[str, UUID], codes: Mapping[str, UUID]) -> NewRecordedCompletion:
    """Return the record of a row. Raises DomainError for a proof that is not in the list."""
    alias, code = row.key
    proof = _proof(row.entries["proof"])
    if proof is None:
        raise DomainError("Choose a proof from the list.")
    if alias not in officers or code not in codes:
        raise DomainError("This officer or course no longer exists.")
    return NewRecordedCompletion(
        person_id=officers[alias],
        course_id=codes[code],
        completed_on=date.fromisoformat(row.entries[VALUE]),
        proof=proof,
        note=row.entries.get("note", ""),
    )


def _existing(
    rows: Sequence[EnteredRow], officers: Mapping[str, UUID], codes: Mapping[str, UUID]
) -> dict[Key, ExistingRow]:
    """Return a row for each pair of an own officer and a course in the sheet, with its record."""
    recorded = {(line.person_id, line.course_id): line for line in _records(officers.values())}
    existing: dict[Key, ExistingRow] = {}
    for alias, code in {row.key for row in rows}:
        if alias in officers and code in codes:
            line = recorded.get((officers[alias], codes[code]))
            key = (alias, code)
            existing[key] = _filled(key, line) if line is not None else ExistingRow(key, label=f"{alias} {code}")
    return existing


def _records(person_ids: Collection[UUID]) -> list[RecordedLine]:
    """Return the valid records of officers of the own country, also of another country that they served in before."""
    return list(chain.from_iterable(map(records.of_people, identity.portions(sorted(set(person_ids))))))


def _filled(key: Key, line: RecordedLine) -> ExistingRow:
    texts = {"proof": line.proof.value, "note": line.note}
    return ExistingRow(key, line.completed_on.isoformat(), texts, label=" ".join(key))


def _officers(texts: Collection[str], country: str, today: date) -> dict[str, OfficerLine]:
    """Return the officers of a country with these aliases or service numbers; others look like unknown texts."""
    officers: dict[str, OfficerLine] = {}
    for portion in identity.portions(sorted(text for text in texts if text)):
        indexes = {text: blind_index.index("service", text) for text in portion}
        officers.update(people.officers_by_text(country, today, indexes))
    return officers


def _aliases(ids: Collection[UUID], country: str, today: date) -> dict[UUID, str]:
    """Return the aliases of these people who serve in a country."""
    aliases: dict[UUID, str] = {}
    for portion in identity.portions(sorted(ids)):
        lines = people.officers_of(country, today, having=_among(portion), size=len(portion))
        aliases.update({line.person_id: line.alias for line in lines})
    return aliases


def _among(ids: Collection[UUID]) -> Callable[[ColumnElement[UUID]], ColumnElement[bool]]:
    return lambda person_id: person_id.in_(ids)


SOURCE = SheetSource(
    sheet_formats.COMPLETIONS, Action.RECORD_COMPLETIONS, prefilled, compare, write, undo, count_people=True
)
