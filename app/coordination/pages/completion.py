"""`/plan/completion`: view models of the page of completion for coordinators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

from flask import current_app, url_for
from flask_babel import gettext as _

from app.coordination import labels
from app.coordination.domain import completion as rules
from app.coordination.domain.completion import CompletionColumns, CompletionRows, CompletionSource, ExportReason
from app.coordination.forms import CompletionFilterForm
from app.coordination.pages import completion_words as texts
from app.coordination.pages.completion_columns import COURSE_ROWS, HEADS, column_text, number
from app.coordination.pages.completion_table import CompletionTable, TableRow
from app.coordination.queries.completion import CompletionFilter
from app.i18n import babel
from app.i18n.languages import country_name
from app.plan import labels as plan_labels
from app.web.pages import Page

ENDPOINT = "coordination.show_completion"
FORMS = ("csv", "xlsx")
MONTHS = 12  # ends of months in the list of days
DEFAULTS = {"source": CompletionSource.REQUIRED, "by": CompletionRows.COUNTRY, "show": CompletionColumns.COUNTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionRowView:
    """A row in words; `late_href` is "" without a list of late work."""

    name: str
    further: str
    invited: str
    cells: Sequence[str]
    late_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """A table in words: titles of the groups (empty without groups), heads of all columns, rows, and the sum."""

    name: str
    first_head: str
    groups: Sequence[str]
    width: int  # columns of a group
    heads: Sequence[str]
    rows: Sequence[CompletionRowView]
    total: CompletionRowView
    status: tuple[str, str]
    has_invited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionPage(Page):
    """Completion of courses in all countries: counts, no people; `phone` is the table by course for small screens."""

    template: ClassVar[str] = "coordination/completion.html"
    form: CompletionFilterForm
    days: Sequence[tuple[str, str, bool]]
    lead: str
    notes: Sequence[str]
    table: TableView | None
    phone: TableView | None
    empty_title: str
    chips: Sequence[tuple[str, str]]
    clear_href: str
    hidden_fields: Sequence[tuple[str, str]]
    file_urls: Mapping[str, str]
    reasons: Sequence[tuple[ExportReason, str]]
    publication: Mapping[str, str]
    definitions: Sequence[tuple[str, str]]
    late_href: str
    late_text: str
    require_href: str
    plan_href: str


def page(
    form: CompletionFilterForm,
    chosen: CompletionFilter,
    table: CompletionTable,
    phone: CompletionTable | None,
    *,
    today: date,
) -> CompletionPage:
    """Return the page of a filter."""
    overdue = number(table.whole.number("overdue"))
    return CompletionPage(
        form=form,
        days=_days(chosen.on, today),
        lead="" if table.is_empty else _lead(table, chosen),
        notes=texts.notes(table),
        table=None if table.is_empty else _view(table, chosen),
        phone=None if phone is None else _view(phone, replace(chosen, by=CompletionRows.COURSE)),
        empty_title=_("No course fits the filter") if _is_filtered(chosen) else _("No course is required yet"),
        chips=_chips(chosen, today),
        clear_href=url_for(ENDPOINT),
        hidden_fields=_pairs(values(chosen, today)),
        file_urls={name: url_for(ENDPOINT, form=name) for name in FORMS},
        reasons=[(reason, str(text)) for reason, text in labels.EXPORT_REASONS.items()],
        publication=_publication(_day(chosen, today)),
        definitions=texts.definitions(),
        late_href=_open_page("coordination.show_late", **_narrowing(chosen)),
        late_text=_("See what is late (%(n)s)", n=overdue),
        require_href=_open_page("coordination.show_requirements"),
        plan_href=url_for("plan.show_overview"),
    )


def _publication(day: Mapping[str, Any]) -> Mapping[str, str]:
    return {name: url_for("coordination.publish_completion", form=name, **day) for name in FORMS}


def _is_filtered(chosen: CompletionFilter) -> bool:
    return any([chosen.courses, chosen.country, chosen.role, chosen.source is not DEFAULTS["source"]])


def values(chosen: CompletionFilter, today: date) -> Mapping[str, Any]:
    """Return the filter for an address, without defaults."""
    choices = {"source": chosen.source, "by": chosen.by, "show": chosen.show}
    others = {name: value.value for name, value in choices.items() if value is not DEFAULTS[name]}
    return {**_day(chosen, today), **_narrowing(chosen), **others}


def _day(chosen: CompletionFilter, today: date) -> Mapping[str, Any]:
    return {} if chosen.on == today else {"on": chosen.on.isoformat()}


def _narrowing(chosen: CompletionFilter) -> Mapping[str, Any]:
    return _present({"course": chosen.courses, "country": chosen.country, "role": chosen.role})


def _view(table: CompletionTable, chosen: CompletionFilter) -> TableView:
    heads = [str(HEADS[column]) for _group in table.groups for column in table.columns]
    is_wide = chosen.by not in COURSE_ROWS
    return TableView(
        name=_("Completion by %(group)s", group=str(labels.ROWS[chosen.by])),
        first_head=str(labels.ROWS[CompletionRows.COURSE if chosen.by in COURSE_ROWS else chosen.by]),
        groups=table.groups if is_wide else (),
        width=len(table.columns),
        heads=heads,
        rows=[_row(row, table, chosen) for row in table.rows],
        total=_row(table.total, table, chosen),
        status=texts.status(table.whole),
        has_invited=table.total.invited is not None,
    )


def _row(row: TableRow, table: CompletionTable, chosen: CompletionFilter) -> CompletionRowView:
    return CompletionRowView(
        name=row.name,
        further=row.further,
        invited="" if row.invited is None else number(row.invited),
        cells=[column_text(cell, column) for cell in row.cells for column in table.columns],
        late_href=_late_href(row, chosen) if any(cell.number("overdue").high for cell in row.cells) else "",
    )


def _late_href(row: TableRow, chosen: CompletionFilter) -> str:
    narrowed = {"role": chosen.role, "country": row.country or chosen.country, "course": row.course or chosen.courses}
    return _open_page("coordination.show_late", **_present(narrowed))


def _present(address: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in address.items() if value}


def _open_page(endpoint: str, **parameters: Any) -> str:
    """Return the address of a page, or "" on a site without it."""
    return url_for(endpoint, **parameters) if endpoint in current_app.view_functions else ""


def _lead(table: CompletionTable, chosen: CompletionFilter) -> str:
    parts = [str(labels.LEADS[chosen.source]), texts.lead(table)]
    return " ".join([*parts, texts.invited(table.total.invited)] if table.total.invited is not None else parts)


def _days(on: date, today: date) -> list[tuple[str, str, bool]]:
    """Return the days to choose from: today, the ends of the last months, the chosen day."""
    days = sorted({*rules.month_ends(today, MONTHS), on} - {today}, reverse=True)
    return [("", _("Today"), on == today), *((day.isoformat(), babel.words(day), day == on) for day in days)]


def _chips(chosen: CompletionFilter, today: date) -> list[tuple[str, str]]:
    """Return the active filters in words, each with the address without it."""
    without = [
        (
            _("Course: %(code)s", code=code),
            replace(chosen, courses=tuple(other for other in chosen.courses if other != code)),
        )
        for code in chosen.courses
    ]
    if chosen.country:
        text = _("Country: %(country)s", country=country_name(chosen.country))
        without.append((text, replace(chosen, country="")))
    if chosen.role:
        title = plan_labels.roles().get(chosen.role, chosen.role)
        without.append((_("Role: %(role)s", role=title), replace(chosen, role="")))
    return [(text, url_for(ENDPOINT, **values(fewer, today))) for text, fewer in without]


def _pairs(address: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return values of an address as fields of a form."""
    lists = {name: [value] if isinstance(value, str) else value for name, value in address.items()}
    return [(name, value) for name, several in lists.items() for value in several]
