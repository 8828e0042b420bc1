"""What the page of a checked sheet and that of an import show, as plain values."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import url_for

from app.i18n.languages import current
from app.intake import labels
from app.intake.domain.headers import Column, head
from app.intake.domain.undo import UNDO_FOR
from app.intake.domain.validation import Change, Judged, Kind
from app.intake.forms import ShownForm
from app.intake.labels import KINDS, OUTCOMES, Choices
from app.intake.queries import imports
from app.intake.shapes import BatchRow, BatchSummary, Kept
from app.kernel import clock

PAGE = 100
ORDER = (Kind.WRONG, Kind.NEW, Kind.CHANGED, Kind.SAME)


def sheet(kept: Kept, form: ShownForm, choices: Choices) -> dict[str, Any]:
    """Return a page of a checked sheet: wrong rows first."""
    content, counts = kept.content, kept.content.counts()
    wanted = form.show.data or ""
    rows = [row for kind in ORDER for row in content.rows if row.kind is kind and wanted in {"", kind}]
    pages = max(1, -(-len(rows) // PAGE))
    number = min(form.page.data or 1, pages)
    here = rows[(number - 1) * PAGE : number * PAGE]
    return {
        "id": kept.id,
        "rows": [_row(row, choices) for row in here],
        "notes": [labels.note(one) for one in content.notes],
        "kinds": [
            {"count": counts[kind], "word": str(KINDS[kind][0]), "kind": KINDS[kind][1], "here": wanted == kind,
             "href": url_for("intake.show", sheet_id=kept.id, show=kind) if counts[kind] else ""}
            for kind in ORDER
        ],
        "pages": _pages(kept.id, wanted, number, pages),
        "onward": _address(kept.id, wanted, number + 1) if number < pages else "",
        "narrowed": bool(wanted),
        "wrong": counts[Kind.WRONG],
        "count": counts[Kind.NEW] + counts[Kind.CHANGED],
        "new": counts[Kind.NEW],
        "changed": counts[Kind.CHANGED],
        "same": counts[Kind.SAME],
        "ready": content.can_be_imported,
        "ends_at": kept.ends_at,
    }  # fmt: skip


def batches(found: Sequence[BatchSummary]) -> list[dict[str, Any]]:
    """Return the earlier imports, the newest first."""
    return [_summary(one) for one in found]


def batch(one: BatchSummary, page: int) -> dict[str, Any]:
    """Return a page of an import: aliases, what was changed, what an undoing made of it; what stays comes first."""
    undone_at, found = one.undone_at, imports.tally(one.id)
    number = min(page, max(1, -(-found.rows // PAGE)))
    rows = imports.lines(one.id, offset=(number - 1) * PAGE, size=PAGE)
    onward = url_for("intake.batch", batch_id=one.id, page=number + 1) if number * PAGE < found.rows else ""
    return _summary(one) | {
        "rows": [_line(row) for row in rows],
        "first": url_for("intake.batch", batch_id=one.id) if number > 1 else "",
        "onward": onward,
        "kept": found.kept,
        "set_back": found.set_back,
        "undone_at": undone_at,
        "undo_until": one.made_at + UNDO_FOR,
        "can_undo": undone_at is None and clock.real_now() < one.made_at + UNDO_FOR,
    }


def _pages(sheet_id: UUID, wanted: str, number: int, pages: int) -> list[tuple[int, str, bool]]:
    shown = sorted({1, number - 1, number, number + 1, pages} & set(range(1, pages + 1)))
    return [(n, _address(sheet_id, wanted, n), n == number) for n in shown]


def _address(sheet_id: UUID, wanted: str, page: int) -> str:
    return url_for("intake.show", sheet_id=sheet_id, show=wanted or None, page=page)


def _row(judged: Judged, choices: Choices) -> dict[str, Any]:
    word, kind = KINDS[judged.kind]
    return {
        "number": judged.row.number,
        "mail": judged.row.mail,
        "name": judged.row.name,
        "word": str(word),
        "kind": kind,
        "faults": [
            {"head": head(one.column, current()), "value": one.value, "says": labels.fault(one, choices)}
            for one in judged.faults
        ],
        "changes": [_change(one, choices.postings) for one in judged.changes],
        "agency": judged.row.agency,
        "waits": judged.waits,
    }


def _change(change: Change, postings: Mapping[str, str]) -> dict[str, str]:
    before, after = change.before, change.after
    if change.column is Column.POSTING:
        before, after = ("; ".join(postings.get(role, role) for role in roles.split()) for roles in (before, after))
    return {"head": head(change.column, current()), "before": before, "after": after}


def _summary(one: BatchSummary) -> dict[str, Any]:
    return {
        "id": one.id,
        "href": url_for("intake.batch", batch_id=one.id),
        "made_at": one.made_at,
        "invited": one.invited,
        "changed": one.changed,
        "same": one.same,
        "undone": one.undone_at is not None,
    }


def _line(row: BatchRow) -> dict[str, Any]:
    invited = row.invitation_id is not None
    return {
        "number": row.number,
        "alias": row.alias,
        "href": url_for("invitations.show_invitation", invitation_id=row.invitation_id) if invited else "",
        "invited": invited,
        "columns": [head(Column(name), current()) for name in row.columns],
        "outcome": str(OUTCOMES[row.outcome]) if row.outcome else "",
        "kind": "" if row.outcome is None else "good" if row.outcome.is_undone else "risk",
    }
