"""View model of a case on paper: cards for the group without ratings, and a key for the trainer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.domain.scenarios import ErrorKind, Scenario
from app.catalogue.service import text_rendering
from app.catalogue.shapes import CaseTexts
from app.i18n.languages import direction
from app.scenarios import labels as case_labels
from app.studio import labels
from app.studio.domain.case_cards import CardChoice, CaseCard, cards
from app.studio.pages.case_editor import EditedCase
from app.studio.pages.header import CourseHeader, header
from app.studio.queries import checked
from app.studio.queries.workspaces import Workspace
from app.web.html.trusted_html import trusted
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedChoice:
    """A choice on a card; the key adds rating, error, consequence and reason."""

    letter: str
    text: str
    leads_to: int
    verdict: str
    error: str
    consequence: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCard:
    """A numbered card with the situation; `is_end`: nothing follows."""

    number: int
    text: str
    is_end: bool
    choices: Sequence[PrintedChoice]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCasePage(Page):
    """The cards of a case, or with `has_key` the sheet of the trainer; never both on one page."""

    template: ClassVar[str] = "studio/printed_case.html"
    head: CourseHeader
    title: str
    lang: str
    dir: str
    sensitivity: str
    scene: str
    cards: Sequence[PrintedCard]
    has_key: bool
    other_url: str
    edit_url: str


def page(workspace: Workspace, case: EditedCase, scenario: Scenario, *, has_key: bool) -> PrintedCasePage:
    """Return the page to print; raise MarkupError for a text that cannot be shown."""
    texts = text_rendering.case_texts(scenario, labels=text_rendering.labels(case.language))
    return PrintedCasePage(
        head=header(workspace, checked.folder(workspace), "studio.show_cases"),
        title=scenario.title,
        lang=case.language,
        dir=direction(case.language),
        sensitivity=labels.sensitivity(workspace.sensitivity),
        scene=trusted(texts.scene),
        cards=[_card(card, texts, has_key=has_key) for card in cards(scenario)],
        has_key=has_key,
        other_url=url_for("studio.print_case", course=workspace.slug, case=case.address, key=None if has_key else 1),
        edit_url=url_for("studio.edit_case", course=workspace.slug, case=case.address),
    )


def _card(card: CaseCard, texts: CaseTexts, *, has_key: bool) -> PrintedCard:
    return PrintedCard(
        number=card.number,
        text=trusted(texts.nodes[card.node.id]),
        is_end=not card.choices,
        choices=[_choice(card, choice, texts, has_key=has_key) for choice in card.choices],
    )


def _choice(card: CaseCard, choice: CardChoice, texts: CaseTexts, *, has_key: bool) -> PrintedChoice:
    move, rendered = card.node.moves[choice.move], texts.moves[card.node.id][choice.move]
    return PrintedChoice(
        letter=choice.letter,
        text=trusted(rendered.text),
        leads_to=choice.leads_to,
        verdict=case_labels.verdict(move.verdict)[0] if has_key else "",
        error=_error(move.slip) if has_key else "",
        consequence=trusted(rendered.consequence) if has_key else "",
        why=trusted(rendered.why) if has_key else "",
    )


def _error(slip: ErrorKind | None) -> str:
    if slip is None:
        return ""
    return _("Misses a sign") if slip is ErrorKind.MISS else _("False alarm")
