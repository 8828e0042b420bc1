"""Pages of every bulk action of the matrix: who, what and by when before it, and the result with its undo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from flask import url_for

from app.coordination import labels
from app.coordination.domain.matrix import Misfit
from app.coordination.forms import MatrixForm
from app.coordination.pages.matrix import MatrixSite
from app.identity.queries.people import OfficerLine
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkConfirmationPage(Page):
    """What happens to whom by when, and who is left out with the reason; `hidden` are the values of the form."""

    template: ClassVar[str] = "coordination/matrix_confirmation.html"
    title: str
    facts: Sequence[tuple[str, str]]
    who_title: str
    aliases: Sequence[str]
    ids: Sequence[str]
    left_out: Sequence[tuple[str, str]]
    button: str
    hidden: Mapping[str, str]
    url: str
    back: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkResultPage(Page):
    """The officers whom a bulk action reached; `undo_url` is "" if nothing can be undone, then `final` says why."""

    template: ClassVar[str] = "coordination/matrix_result.html"
    title: str
    lead: str
    facts: Sequence[tuple[str, str]]
    aliases: Sequence[str]
    undo_url: str
    undo_text: str
    final: str
    back: tuple[str, str]


def left_out(officers: Sequence[OfficerLine], misfits: Mapping[UUID, Misfit]) -> list[tuple[str, str]]:
    """Return the aliases of the officers whom a bulk action does not fit, with the reasons."""
    return [
        (line.alias, str(labels.MISFITS[misfits[line.person_id]])) for line in officers if line.person_id in misfits
    ]


def back_to(filters: MatrixForm, site: MatrixSite) -> tuple[str, str]:
    """Return title and address of the matrix with its filter."""
    return site.title, url_for(site.show, **filters.chosen_values())
