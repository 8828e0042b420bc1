"""`/reports/texts`: the drafts of the texts of a report, with those of another language beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from app.catalogue.domain.references.plan import Plan
from app.i18n.languages import direction
from app.reports import labels
from app.reports.domain.texts import limit_of
from app.reports.forms import TextsFilterForm
from app.reports.shapes import Draft
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class TextField:
    """A text field: who saved it and when, and the text of the other language."""

    name: str
    label: str
    text: str
    limit: int
    saved_by: str
    saved_at: datetime | None
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextsPage(Page):
    """The texts of a report in one language; `other_language` is shown beside them, "" if there is none."""

    template: ClassVar[str] = "reports/texts.html"
    filter: TextsFilterForm
    fields: Sequence[TextField]
    values: Mapping[str, str]
    other_language: str
    other_direction: str
    error: str
    url: str
    back: str


def fields(
    sections: Sequence[str],
    drafts: Mapping[str, Draft],
    others: Mapping[str, Draft],
    *,
    plan: Plan | None,
    aliases: Mapping[UUID, str],
) -> list[TextField]:
    """Return the text fields of a report."""
    result = []
    for section in sections:
        draft, other = drafts.get(section), others.get(section)
        result.append(
            TextField(
                name=section,
                label=labels.section(section, plan),
                text=draft.text if draft else "",
                limit=limit_of(section),
                saved_by=aliases.get(draft.saved_by, "") if draft else "",
                saved_at=draft.saved_at if draft else None,
                other=other.text if other else "",
            )
        )
    return result


def direction_of(language: str) -> str:
    """Return the direction of a language, "" without one."""
    return direction(language) if language else ""
