"""Build the page /supervision/events: two questions about officers after an event, and commitments to confirm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from flask import url_for

from app.access.policy import Actor
from app.access.visibility import Viewer
from app.i18n import babel, stored_translations as texts
from app.i18n.stored_translations import TranslatedText
from app.identity.queries import visible_identity
from app.learning.labels import wanted
from app.web.pages import Page
from app.workshops import labels
from app.workshops.domain.commitments import FINAL
from app.workshops.forms.afterwards import ChangeSeenForm
from app.workshops.pages import commitments as commitment_pages
from app.workshops.pages.commitments import CommitmentRow
from app.workshops.queries import commitments, follow_ups
from app.workshops.queries.commitments import CommitmentLine


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisedQuestion:
    """The two questions about an officer; `form` has the errors of a rejected answer."""

    id: str
    alias: str
    title: TranslatedText
    days: str
    until: str
    url: str
    form: ChangeSeenForm


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisedEventsPage(Page):
    """What a supervisor is asked about officers after events."""

    template: ClassVar[str] = "workshops/supervised_events.html"
    questions: Sequence[SupervisedQuestion]
    commitments: Sequence[CommitmentRow]
    ended: Sequence[tuple[CommitmentRow, str]]  # with the address of the confirmation


def page(actor: Actor, today: date, *, rejected: str = "", form: ChangeSeenForm | None = None) -> SupervisedEventsPage:
    """Return the page; `rejected` is the id of the questions whose form has errors."""
    lines = commitments.supervised_lines(actor, today)
    rows = list(zip(lines, commitment_pages.rows(actor, lines, today, Viewer.SUPERVISOR), strict=True))
    return SupervisedEventsPage(
        questions=_questions(actor, today, {rejected: form}),
        commitments=[row for line, row in rows if not _waits(line)],
        ended=[(row, _confirmation_url(line)) for line, row in rows if _waits(line)],
    )


def _questions(actor: Actor, today: date, forms: Mapping[str, ChangeSeenForm | None]) -> list[SupervisedQuestion]:
    asked = follow_ups.to_answer(actor, today)
    people = {line.person_id for line in asked}
    identities = visible_identity.visible_identities(actor, people, today, Viewer.SUPERVISOR) if people else {}
    translations = texts.translations_for([line.workshop.id for line in asked], wanted())
    return [
        SupervisedQuestion(
            id=str(line.id),
            alias=identities[line.person_id].alias,
            title=labels.title_of(line.workshop, translations),
            days=babel.days(line.workshop.first_day, line.workshop.last_day),
            until=babel.words(line.closes_on),
            url=url_for("workshops.answer_about_officer", follow_up_id=line.id),
            form=forms.get(str(line.id)) or ChangeSeenForm(),
        )
        for line in asked
    ]


def _waits(line: CommitmentLine) -> bool:
    """Return whether an ended commitment waits for the supervisor."""
    return line.state in FINAL and line.confirmed_on is None


def _confirmation_url(line: CommitmentLine) -> str:
    return url_for("workshops.confirm_commitment", commitment_id=line.id)
