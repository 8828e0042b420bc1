"""Compare the rows of a sheet of values with the academy: a row is new, changed, the same, or wrong."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from app.kernel.errors import DomainError, SeveralError, Word
from app.plan.domain.value_sheets import (
    SHOWN,
    VALUE,
    WAS,
    CheckedValue,
    ColumnUse,
    EnteredRow,
    ExistingRow,
    Key,
    SheetFormat,
    ValueKind,
    ValueProblem,
    ValueReason,
)

Rule = Callable[[EnteredRow, ExistingRow], None]  # raises DomainError for a row that is not allowed


def check(
    rows: Sequence[EnteredRow], existing: Mapping[Key, ExistingRow], wanted: SheetFormat, rule: Rule
) -> list[CheckedValue]:
    """Return the result of checking each row; a key that `existing` lacks is unknown."""
    twice = _repeated(rows)
    return [_check(row, existing.get(row.key), wanted, rule, twice.get(row.number, 0)) for row in rows]


def rule_problem(error: DomainError, column: str, value: str) -> ValueProblem:
    """Return the problem of a row that a rule does not allow."""
    first = error.reasons[0] if isinstance(error, SeveralError) else error
    values = {name: str(text) for name, text in first.values.items() if not isinstance(text, Word)}
    return ValueProblem(column, ValueReason.RULE, value[:SHOWN], message=first.message, values=values)


def _check(
    row: EnteredRow, existing: ExistingRow | None, wanted: SheetFormat, rule: Rule, other_row: int
) -> CheckedValue:
    if existing is None:
        return _unknown(row, wanted)
    problems = _cell_problems(row, existing, wanted, other_row)
    if problems:
        return _wrong(row, existing, problems)
    if is_unchanged(row, existing):
        return CheckedValue(row, ValueKind.SAME, existing.label, existing.value)
    return _check_entries(row, existing, wanted, rule)


def _check_entries(row: EnteredRow, existing: ExistingRow, wanted: SheetFormat, rule: Rule) -> CheckedValue:
    problems = _entry_problems(row, existing, wanted) or _rule_problems(row, existing, rule)
    if problems:
        return _wrong(row, existing, problems)
    return CheckedValue(row, ValueKind.CHANGED if existing.value else ValueKind.NEW, existing.label, existing.value)


def _unknown(row: EnteredRow, wanted: SheetFormat) -> CheckedValue:
    name = " ".join(row.key)[:SHOWN]
    problem = ValueProblem(wanted.of_use(ColumnUse.KEY)[0].name, ValueReason.UNKNOWN_KEY, name)
    return _wrong(row, ExistingRow(row.key, label=name), [*row.problems, problem])


def _cell_problems(row: EnteredRow, existing: ExistingRow, wanted: SheetFormat, other_row: int) -> list[ValueProblem]:
    """Return the problems of reading, of the value that changed meanwhile, and of a repeated key."""
    problems = [*row.problems, *_meanwhile(row, existing)]
    if other_row:
        column = wanted.of_use(ColumnUse.KEY)[0].name
        problems.append(ValueProblem(column, ValueReason.TWICE, existing.label[:SHOWN], row=other_row))
    return problems


def _rule_problems(row: EnteredRow, existing: ExistingRow, rule: Rule) -> list[ValueProblem]:
    try:
        rule(row, existing)
    except DomainError as error:
        return [rule_problem(error, VALUE, row.entries[VALUE])]
    return []


def is_unchanged(row: EnteredRow, existing: ExistingRow) -> bool:
    """Return whether a row has the entries of the academy."""
    return all(text == _entry(existing, name) for name, text in row.entries.items())


def _entry(existing: ExistingRow, name: str) -> str:
    return existing.value if name == VALUE else existing.entries.get(name, "")


def _wrong(row: EnteredRow, existing: ExistingRow, problems: Iterable[ValueProblem]) -> CheckedValue:
    return CheckedValue(row, ValueKind.WRONG, existing.label, existing.value, tuple(problems))


def _meanwhile(row: EnteredRow, existing: ExistingRow) -> list[ValueProblem]:
    """Return a problem if the value in the academy is not that of the download."""
    if row.was == existing.was or any(problem.column == WAS for problem in row.problems):
        return []
    return [ValueProblem(WAS, ValueReason.CHANGED_MEANWHILE, row.was[:SHOWN], current=existing.was[:SHOWN])]


def _entry_problems(row: EnteredRow, existing: ExistingRow, wanted: SheetFormat) -> list[ValueProblem]:
    """Return a problem for each required entry that is empty: a sheet deletes nothing."""
    problems: list[ValueProblem] = []
    for column in wanted.of_use(ColumnUse.ENTRY):
        if column.is_required and not row.entries.get(column.name, ""):
            before = _entry(existing, column.name)
            reason = ValueReason.EMPTIED if before else ValueReason.MISSING
            problems.append(ValueProblem(column.name, reason, current=before[:SHOWN]))
    return problems


def _repeated(rows: Iterable[EnteredRow]) -> dict[int, int]:
    """Return the number of another row with the same key, by row number."""
    numbers: dict[Key, list[int]] = {}
    for row in rows:
        numbers.setdefault(row.key, []).append(row.number)
    groups = [group for group in numbers.values() if len(group) > 1]
    return {number: group[1 if number == group[0] else 0] for group in groups for number in group}
