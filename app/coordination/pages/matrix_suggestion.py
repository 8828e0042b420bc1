"""A course for several officers: choose it, confirm who gets it by when, and the result with its undo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import ngettext

from app.coordination import labels
from app.coordination.domain.matrix import Misfit
from app.coordination.forms import MatrixForm, SuggestionForm
from app.coordination.pages.matrix import MatrixSite
from app.coordination.queries.matrix import SuggestionBatch
from app.identity.queries.people import OfficerLine
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkSuggestionPage(Page):
    """The choice of a course for the selected officers."""

    template: ClassVar[str] = "coordination/matrix_suggestion.html"
    lead: str
    aliases: Sequence[str]
    ids: Sequence[str]
    form: SuggestionForm
    today: date
    hidden: Mapping[str, str]
    url: str
    back: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkConfirmationPage(Page):
    """Who gets a course, by when, and who is left out with the reason."""

    template: ClassVar[str] = "coordination/matrix_confirmation.html"
    course: str
    aliases: Sequence[str]
    ids: Sequence[str]
    left_out: Sequence[tuple[str, str]]
    form: SuggestionForm
    button: str
    hidden: Mapping[str, str]
    url: str
    back: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkResultPage(Page):
    """The officers to whom a course was suggested; `undo_url` is "" when none of the suggestions is untouched."""

    template: ClassVar[str] = "coordination/matrix_result.html"
    course: str
    lead: str
    due_on: date | None
    aliases: Sequence[str]
    undo_url: str
    undo_text: str
    back: tuple[str, str]


def choice_page(
    officers: Sequence[OfficerLine], form: SuggestionForm, filters: MatrixForm, site: MatrixSite
) -> BulkSuggestionPage:
    """Return the page on which the course is chosen."""
    return BulkSuggestionPage(
        lead=ngettext("For %(num)s officer.", "For %(num)s officers.", len(officers)),
        aliases=[line.alias for line in officers],
        ids=[str(line.person_id) for line in officers],
        form=form,
        today=form.today,
        hidden=filters.chosen_values(),
        url=site.url("prepare"),
        back=_back(filters, site),
    )


def confirmation_page(
    officers: Sequence[OfficerLine],
    misfits: Mapping[UUID, Misfit],
    form: SuggestionForm,
    filters: MatrixForm,
    *,
    course: str,
    site: MatrixSite,
) -> BulkConfirmationPage:
    """Return the page that says who gets the course and who is left out."""
    fitting = [line for line in officers if line.person_id not in misfits]
    return BulkConfirmationPage(
        course=course,
        aliases=[line.alias for line in fitting],
        ids=[str(line.person_id) for line in fitting],
        left_out=[
            (line.alias, str(labels.MISFITS[misfits[line.person_id]])) for line in officers if line.person_id in misfits
        ],
        form=form,
        button=ngettext("Suggest to %(num)s officer", "Suggest to %(num)s officers", len(fitting)),
        hidden=filters.chosen_values(),
        url=site.url("create"),
        back=_back(filters, site),
    )


def result_page(batch: SuggestionBatch, aliases: Sequence[str], *, course: str, site: MatrixSite) -> BulkResultPage:
    """Return the page of a batch."""
    untouched = [line for line in batch.lines if line.is_untouched]
    first = batch.lines[0]
    return BulkResultPage(
        course=course,
        lead=ngettext("Suggested to %(num)s officer", "Suggested to %(num)s officers", len(batch.lines)),
        due_on=first.due_on,
        aliases=aliases,
        undo_url=site.url("undo", suggestion_id=first.id) if untouched else "",
        undo_text=ngettext("%(num)s suggestion can be undone.", "%(num)s suggestions can be undone.", len(untouched)),
        back=(site.title, url_for(site.show)),
    )


def _back(filters: MatrixForm, site: MatrixSite) -> tuple[str, str]:
    return site.title, url_for(site.show, **filters.chosen_values())
