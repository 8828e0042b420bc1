"""Build the page of a nominee for the secretariat: what is missing, decisions, history, admission with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.identity.queries import people as accounts
from app.web.pages import Page
from app.workshops.domain.events import ACTIVE
from app.workshops.domain.nominations import LIVE
from app.workshops.forms.selection import AdmissionForm
from app.workshops.labels import nominations as nomination_labels
from app.workshops.pages import event, selection_rows, selection_texts as texts
from app.workshops.pages.event import EventHeading
from app.workshops.pages.selection_rows import DecisionRow, SelectionRow
from app.workshops.queries import nominations, selection as queries
from app.workshops.queries.nominations import NominationLine
from app.workshops.shapes import WorkshopFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """A change of a nomination: the new state, when, by whom and why."""

    word: str
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NomineePage(Page):
    """A nominee by alias; `admit_url` is empty unless the nominee lacks a requirement and can be admitted."""

    template: ClassVar[str] = "teaching/nominee.html"
    heading: EventHeading
    back_url: str
    row: SelectionRow
    aim: str
    decisions: Sequence[DecisionRow]
    changes: Sequence[ChangeRow]
    form: AdmissionForm
    admit_url: str


def page(
    workshop: WorkshopFacts, line: NominationLine, form: AdmissionForm, *, actor_id: UUID, now: datetime
) -> NomineePage:
    """Return the page of a nominee."""
    people = selection_rows.nominees(workshop, [line], now)
    [row] = selection_rows.nominee_rows(people, observers=True)
    decisions = [
        decision
        for seat_round in queries.rounds(workshop.id)
        for decision in seat_round.decisions
        if decision.nomination_id == line.id
    ]
    return NomineePage(
        heading=event.heading_of(workshop),
        back_url=url_for("workshops.show_selection", workshop_id=workshop.id),
        row=row,
        aim=line.aim,
        decisions=selection_rows.stored_rows(decisions, people),
        changes=_changes(line),
        form=form,
        admit_url=_admit_url(workshop, line, row, actor_id),
    )


def _changes(line: NominationLine) -> list[ChangeRow]:
    changes = nominations.changes(line.id)
    names = accounts.names([change.changed_by for change in changes if change.changed_by])
    return [
        ChangeRow(
            word=nomination_labels.state(change.to_state)[0],
            at=change.at,
            by=names.get(change.changed_by, "") if change.changed_by else _("the system"),
            reason=texts.stored_reason(change.reason),
        )
        for change in changes
    ]


def _admit_url(workshop: WorkshopFacts, line: NominationLine, row: SelectionRow, actor_id: UUID) -> str:
    is_possible = workshop.state in ACTIVE and line.state in LIVE and line.person_id != actor_id
    if not is_possible or not row.lacks or row.admitted:
        return ""
    return url_for("workshops.admit_nominee", workshop_id=workshop.id, nomination_id=line.id)
