"""`/plan/completion`: completion of courses in all countries for coordinators, and its files."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.queries import courses as catalogue, versions
from app.coordination.domain import completion as rules
from app.coordination.domain.completion import CompletionColumns, CompletionRows, CompletionSource, ExportReason
from app.coordination.forms import CompletionFilterForm, WorkingCopyForm
from app.coordination.pages import completion as pages, completion_files as files
from app.coordination.pages.completion_table import CompletionTable, TableSource, build
from app.coordination.queries import completion as queries
from app.coordination.queries.completion import CompletionFilter
from app.coordination.service import completion as service
from app.coordination.views._blueprint import bp
from app.db.session import transaction
from app.i18n.languages import country_name
from app.identity.queries import people as accounts
from app.kernel import clock
from app.kernel.errors import InputError
from app.learning.labels import shown
from app.learning.queries import completion as learning
from app.learning.shapes import InvitedCell
from app.plan import labels as plan_labels
from app.plan.domain.cells import published_day
from app.web.pages import render
from app.web.table_files import FILES, NONE


@dataclass(frozen=True, slots=True)
class Asked:
    """The filter in the address, and what its table is made of."""

    form: CompletionFilterForm
    chosen: CompletionFilter
    source: TableSource


@bp.get("/plan/completion", defaults=NONE)
@bp.get(f"/plan/completion.{FILES}")
@requires(Action.SEE_COMPLETION)
def show_completion(form: str) -> ResponseReturnValue:
    """Show completion by country, course or role, or send the same rows as a working copy."""
    today = clock.today()
    asked = _asked(today)
    table = build(asked.source)
    if form:
        return _working_copy(form, asked, table)
    phone = (
        None
        if "by" in request.args or table.is_empty
        else build(replace(asked.source, chosen=_by_course(asked.chosen)))
    )
    few = table.few_countries | (phone.few_countries if phone is not None else frozenset())
    if few:
        _record_view(asked.chosen, few - {""} or few, today)
    return render(pages.page(asked.form, asked.chosen, table, phone, today=today))


@bp.get(f"/plan/completion/published.{FILES}")
@requires(Action.SEE_COMPLETION)
def publish_completion(form: str) -> ResponseReturnValue:
    """Send the tables for publication, as of the last end of a quarter; filters do not narrow them."""
    today = clock.today()
    records, countries = versions.course_records(), _countries()
    asked = _filter_form(today, [course.code for course in records], countries)
    chosen = CompletionFilter(on=published_day(asked.on.data or today), by=CompletionRows.ROLE)
    cells = queries.cells(chosen, ())
    counted = {cell.course_id for cell in cells}
    courses = [course for course in records if course.id in counted]
    with transaction():
        service.record_export(f"on={chosen.on}", country="", form=form, reason=None, now=clock.now())
    return files.publication(form, cells, courses, countries=countries, day=chosen.on)


def _working_copy(form: str, asked: Asked, table: CompletionTable) -> ResponseReturnValue:
    reasons = WorkingCopyForm(request.args)
    if not reasons.validate():
        raise InputError("Choose what the working copy is for.")
    user, now, chosen = actor(), clock.now(), asked.chosen
    with transaction():
        reason = ExportReason(reasons.reason.data)
        service.record_export(chosen.key, country=chosen.country, form=form, reason=reason, now=now)
    alias = accounts.names([user.id]).get(user.id, "")
    return files.working_copy(form, table, chosen, rule=asked.source.rule, alias=alias, now=now)


def _record_view(chosen: CompletionFilter, few: Collection[str], today: date) -> None:
    """Record that numbers under five are shown, before the page is; once a day and filter."""
    user = actor()
    if queries.is_viewed(user.id, chosen.key, today):
        return
    with transaction():
        countries = [chosen.country] if chosen.country else few
        service.record_view(chosen.key, countries=countries, by=user.id, now=clock.now())


def _asked(today: date) -> Asked:
    """Return the filter in the address with its cells."""
    courses, countries = versions.course_records(), _countries()
    form = _filter_form(today, [course.code for course in courses], countries)
    chosen = _chosen(form, today)
    source = TableSource(
        chosen,
        queries.cells(chosen, [course.id for course in courses if course.code in chosen.courses]),
        _invited(chosen),
        courses,
        _titles(),
        [chosen.country] if chosen.country else countries,
        queries.countries_with_exact_counts(),
        rules.rule_on(chosen.on, today),
    )
    return Asked(form, chosen, source)


def _invited(chosen: CompletionFilter) -> list[InvitedCell]:
    countries, roles = [chosen.country] if chosen.country else [], [chosen.role] if chosen.role else []
    return learning.invited(chosen.on, countries=countries, roles=roles)


def _filter_form(today: date, codes: list[str], countries: list[str]) -> CompletionFilterForm:
    """Return the filter in the address. Raises InputError for unknown values."""
    form = CompletionFilterForm(request.args)
    form.today = today
    form.offer(
        [(code, code) for code in codes], [(code, country_name(code)) for code in countries], plan_labels.roles()
    )
    if not form.validate():
        raise InputError("This address asks for something that does not exist. Choose from the lists on the page.")
    return form


def _chosen(form: CompletionFilterForm, today: date) -> CompletionFilter:
    return CompletionFilter(
        on=form.on.data or today,
        courses=tuple(sorted(set(form.course.data or ()))),
        country=form.country.data or "",
        role=form.role.data or "",
        source=CompletionSource(form.source.data),
        by=CompletionRows(form.by.data),
        show=CompletionColumns(form.show.data),
    )


def _by_course(chosen: CompletionFilter) -> CompletionFilter:
    return replace(chosen, by=CompletionRows.COURSE)


def _countries() -> list[str]:
    """Return the member countries in the alphabet of the reader."""
    return plan_labels.in_alphabet(accounts.countries())


def _titles() -> dict[UUID, str]:
    """Return the titles of the courses that the reader may read."""
    return {outline.course_id: outline.title(shown(outline)) for outline in catalogue.all_visible(actor())}
