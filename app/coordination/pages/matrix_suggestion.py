"""A course for several officers: choose it, confirm who gets it by when, and the result with its undo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.coordination.domain.matrix import Misfit
from app.coordination.forms import MatrixForm, SuggestionForm
from app.coordination.pages.matrix import MatrixSite
from app.coordination.pages.matrix_bulk import BulkConfirmationPage, BulkResultPage, back_to, left_out
from app.coordination.queries.matrix import SuggestionBatch
from app.i18n import babel
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
        back=back_to(filters, site),
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
    due_on, reason = form.due_on.data, form.reason.data or ""
    return BulkConfirmationPage(
        title=_("Confirm the suggestion"),
        facts=[(_("Course"), course), (_("Due on"), _day(due_on)), *([(_("Reason"), reason)] if reason else [])],
        who_title=_("Officers who get the suggestion"),
        aliases=[line.alias for line in fitting],
        ids=[str(line.person_id) for line in fitting],
        left_out=left_out(officers, misfits),
        button=ngettext("Suggest to %(num)s officer", "Suggest to %(num)s officers", len(fitting)),
        hidden=filters.chosen_values()
        | {"course": form.course.data, "due_on": due_on.isoformat() if due_on else "", "reason": reason},
        url=site.url("create"),
        back=back_to(filters, site),
    )


def result_page(batch: SuggestionBatch, aliases: Sequence[str], *, course: str, site: MatrixSite) -> BulkResultPage:
    """Return the page of a batch."""
    untouched = [line for line in batch.lines if line.is_untouched]
    first = batch.lines[0]
    return BulkResultPage(
        title=ngettext("Suggested to %(num)s officer", "Suggested to %(num)s officers", len(batch.lines)),
        lead=_("Each officer sees it today, in the own language."),
        facts=[(_("Course"), course), (_("Due on"), _day(first.due_on))],
        aliases=aliases,
        undo_url=site.url("undo", suggestion_id=first.id) if untouched else "",
        undo_text=ngettext("%(num)s suggestion can be undone.", "%(num)s suggestions can be undone.", len(untouched)),
        final=_("All officers have answered or begun, or it was taken back."),
        back=(site.title, url_for(site.show)),
    )


def _day(day: date | None) -> str:
    return _("No date") if day is None else babel.words(day)
