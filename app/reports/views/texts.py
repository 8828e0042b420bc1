"""`/reports/texts`: write the texts of a report as drafts."""

from collections.abc import Mapping
from datetime import date

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.kernel.errors import DomainError, InputError
from app.plan.queries import figures
from app.reports.domain.runs import ReportKind
from app.reports.forms import TextsFilterForm
from app.reports.pages import choices, texts as pages
from app.reports.queries import texts
from app.reports.queries.texts import ReportKey
from app.reports.service import texts as service
from app.reports.views import _subjects
from app.reports.views._blueprint import bp
from app.web.pages import render

FIELD = "text-"


@bp.get("/reports/texts")
@requires(Action.MAKE_REPORT)
def show_texts() -> ResponseReturnValue:
    """Show the text fields of a report in a language, with another language beside them."""
    return _page(_filter())


@bp.post("/reports/texts")
@requires(Action.MAKE_REPORT)
def save_texts() -> ResponseReturnValue:
    """Save the texts of a report as drafts."""
    chosen = _filter()
    key = _key(chosen)
    names = _subjects.sections(key.kind, key.subject, figures.plan_of())
    written = {name: (request.form.get(FIELD + name) or "").strip().replace("\r\n", "\n") for name in names}
    country = _subjects.country_of(key.kind, key.subject)
    try:
        with transaction():
            service.save(key, chosen.language.data, written, country=country, by=actor().id, now=clock.now())
    except DomainError as error:
        return _page(chosen, written, error.translated(_)), 422
    flash(_("The texts are saved. Reports made from now on contain them."))
    return redirect(_href("reports.show_texts", chosen))


def _filter() -> TextsFilterForm:
    """Return the filter in the address. Raises InputError for unknown values."""
    form = TextsFilterForm(request.args)
    quarters = choices.quarters(clock.today())
    form.period.offer(quarters)
    form.language.offer(choices.languages())
    form.period.data = form.period.data or quarters[0][0]
    form.language.data = form.language.data or "en"
    _offer_subjects(form)
    if not form.validate():
        raise InputError("This address asks for something that does not exist. Choose from the lists on the page.")
    return form


def _offer_subjects(form: TextsFilterForm) -> None:
    """Offer the subjects of the chosen kind; the first is chosen if that of the address is of another kind."""
    kind = ReportKind(form.kind.data) if form.kind.data in list(ReportKind) else ReportKind.QUARTERLY
    subjects = _subjects.subject_pairs(kind, figures.plan_of()) or [("", _("None"))]
    form.subject.offer(subjects)
    if form.subject.data not in dict(subjects):
        form.subject.data = subjects[0][0]


def _key(form: TextsFilterForm) -> ReportKey:
    return ReportKey(ReportKind(form.kind.data), date.fromisoformat(form.period.data), form.subject.data or "")


def _href(endpoint: str, form: TextsFilterForm) -> str:
    kind, period, language = form.kind.data, form.period.data, form.language.data
    return url_for(endpoint, kind=kind, period=period, language=language, subject=form.subject.data or None)


def _page(chosen: TextsFilterForm, written: Mapping[str, str] | None = None, error: str = "") -> str:
    key, language, plan = _key(chosen), chosen.language.data, figures.plan_of()
    drafts = texts.drafts(key, language)
    other = next((code for code in texts.languages(key) if code != language), "")
    others = texts.drafts(key, other) if other else {}
    aliases = accounts.names({draft.saved_by for draft in drafts.values()})
    names = _subjects.sections(key.kind, key.subject, plan)
    return render(
        pages.TextsPage(
            filter=chosen,
            fields=pages.fields(names, drafts, others, plan=plan, aliases=aliases),
            values=written or {name: draft.text for name, draft in drafts.items()},
            other_language=other,
            other_direction=pages.direction_of(other),
            error=error,
            url=_href("reports.save_texts", chosen),
            back=url_for("reports.show_reports"),
        )
    )
