"""A course from which several officers are exempt, or which is due later: choose, confirm, result with its undo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.coordination import labels
from app.coordination.domain.matrix import Misfit
from app.coordination.forms import ExemptionForm, MatrixForm
from app.coordination.pages.matrix import MatrixSite
from app.coordination.pages.matrix_bulk import BulkConfirmationPage, BulkResultPage, back_to, left_out
from app.coordination.queries.exemptions import ExemptionBatch
from app.identity.queries.people import OfficerLine
from app.learning.domain.requirements import LONGEST_DAYS, ExemptionKind, ExemptionReason, needs_second
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkExemptionPage(Page):
    """The choice of a course and a day for the selected officers; `error`: about the day."""

    template: ClassVar[str] = "coordination/matrix_exemption.html"
    lead: str
    aliases: Sequence[str]
    ids: Sequence[str]
    form: ExemptionForm
    first: date
    last: date
    error: str
    hidden: Mapping[str, str]
    url: str
    back: tuple[str, str]


def choice_page(
    officers: Sequence[OfficerLine],
    form: ExemptionForm,
    filters: MatrixForm,
    site: MatrixSite,
    *,
    today: date,
    error: str = "",
) -> BulkExemptionPage:
    """Return the page on which course, day and reason are chosen."""
    return BulkExemptionPage(
        lead=ngettext("For %(num)s officer.", "For %(num)s officers.", len(officers)),
        aliases=[line.alias for line in officers],
        ids=[str(line.person_id) for line in officers],
        form=form,
        first=today,
        last=today + timedelta(days=LONGEST_DAYS),
        error=error,
        hidden=filters.chosen_values(),
        url=site.url("prepare", "exemption"),
        back=back_to(filters, site),
    )


def confirmation_page(
    officers: Sequence[OfficerLine],
    misfits: Mapping[UUID, Misfit],
    form: ExemptionForm,
    filters: MatrixForm,
    *,
    course: str,
    site: MatrixSite,
    today: date,
) -> BulkConfirmationPage:
    """Return the page that says who is exempted until when, and who is left out."""
    fitting = [line for line in officers if line.person_id not in misfits]
    kind, until, note = ExemptionKind(form.kind.data), form.until.data, form.note.data or ""
    facts = [
        (_("Course"), course),
        (_("Change"), labels.exemption(kind, until)),
        (_("Reason"), str(labels.EXEMPTION_REASONS[ExemptionReason(form.reason.data)])),
        *([(_("Note"), note)] if note else []),
        *([(_("Next"), _("A second person of your country must agree."))] if needs_second(until, today) else []),
    ]
    values = {
        "course": form.course.data,
        "kind": form.kind.data,
        "until": until.isoformat(),
        "reason": form.reason.data,
        "note": note,
    }
    return BulkConfirmationPage(
        title=_("Confirm the exemption"),
        facts=facts,
        who_title=_("Officers who are exempted"),
        aliases=[line.alias for line in fitting],
        ids=[str(line.person_id) for line in fitting],
        left_out=left_out(officers, misfits),
        button=ngettext("Save for %(num)s officer", "Save for %(num)s officers", len(fitting)),
        hidden=filters.chosen_values() | values,
        url=site.url("create", "exemption"),
        back=back_to(filters, site),
    )


def result_page(batch: ExemptionBatch, aliases: Sequence[str], *, course: str, site: MatrixSite) -> BulkResultPage:
    """Return the page of a batch."""
    live, first = batch.open_lines, batch.lines[0]
    return BulkResultPage(
        title=ngettext("Saved for %(num)s officer", "Saved for %(num)s officers", len(batch.lines)),
        lead=_("Each officer sees it in the own language once it is valid."),
        facts=[(_("Course"), course), (_("Change"), labels.exemption(first.kind, first.until))],
        aliases=aliases,
        undo_url=site.url("undo", "exemption", exemption_id=first.id) if live else "",
        undo_text=ngettext("%(num)s exemption can be undone.", "%(num)s exemptions can be undone.", len(live)),
        final=_("A second person agreed, or it was taken back."),
        back=(site.title, url_for(site.show)),
    )
