"""The records behind a number, and the evidence behind a record."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.plan import labels
from app.plan.domain.definitions import SHARES, Defined
from app.plan.labels import RECORD_KINDS
from app.plan.pages import evidence, published
from app.plan.pages.filters import PlanFilter
from app.plan.queries.evidence import Link
from app.plan.shapes import Row
from app.web import table_files

PAGE = 100
# of records that count below the line alone
NOT_COUNTED = {
    "core": lazy_gettext("Asked for, not all verified"),
    "enrolment": lazy_gettext("Course begun, not completed in time"),
    "session": lazy_gettext("Seat at a session, not taken"),
}


def kind(row: Row) -> str:
    """Return in words what a record is."""
    thing = row.thing.partition(":")[0]
    if not row.numerator and thing in NOT_COUNTED:
        return str(NOT_COUNTED[thing])
    return str(RECORD_KINDS[thing]) if thing in RECORD_KINDS else _("A record")


def listing(
    rows: Sequence[Row], asked: PlanFilter, defined: Defined, *, aliases: Mapping[UUID, str], more: bool
) -> dict[str, Any]:
    """Return a page of records: of the own country by alias, across borders by number alone."""
    return {
        "rows": [_row(row, asked, aliases) for row in rows],
        "people": shows_people(defined, asked),
        "share": defined.rule in SHARES,
        "onward": asked.link("plan.rows", code=defined.code, after=rows[-1].number, **_shown_cut(asked))
        if more
        else "",
        "first": asked.link("plan.rows", code=defined.code, **_shown_cut(asked)) if asked.after else "",
    }


def shows_people(defined: Defined, asked: PlanFilter) -> bool:
    """Say whether the list tells officers apart: to a contact point alone, of the own country alone."""
    return bool(asked.mine) and published.about_officers(defined.indicator)


def heads(defined: Defined, asked: PlanFilter) -> table_files.Row:
    """Return the heads of the file of records."""
    found = [_("Record number"), _("What it is"), _("Since"), _("Until"), _("Counts")]
    if defined.rule in SHARES:
        found.append(_("Of"))
    return [*found, _("Officer"), _("Role"), _("Kind of agency")] if shows_people(defined, asked) else found


def file_row(
    row: Row, defined: Defined, asked: PlanFilter, aliases: Mapping[UUID, str], roles: Mapping[str, str]
) -> table_files.Row:
    """Return a record as a row of the file."""
    found: list[table_files.Value] = [row.number, kind(row), row.since, row.until, _plain(row.numerator)]
    if defined.rule in SHARES:
        found.append(_plain(row.denominator))
    if shows_people(defined, asked):
        alias = aliases.get(row.person_id, "") if row.person_id else ""
        found += [alias, roles.get(row.role, row.role), labels.agency_kind(row.agency_kind)]
    return found


def one(row: Row, links: Iterable[Link], asked: PlanFilter, *, alias: str) -> dict[str, Any]:
    """Return the page of a record: what it is, how long it counts, and the evidence, the oldest first."""
    inside, found = bool(alias), list(links)
    opens = not asked.mine or row.country == asked.mine
    return {
        "number": row.number,
        "kind": kind(row),
        "since": row.since,
        "until": row.until,
        "counts": labels.number(row.numerator),
        "of": labels.number(row.denominator) if row.denominator else "",
        "alias": alias,
        "officer_href": url_for("competence.show_officer", person_id=row.person_id) if inside and row.person_id else "",
        "about_officer": row.person_id is not None,
        "role": labels.roles().get(row.role, row.role) if inside else "",
        "agency_kind": labels.agency_kind(row.agency_kind) if inside else "",
        "asked_only": bool(row.denominator and not row.numerator) and all(link.kind == "served" for link in found),
        # where somebody serves is for the own contact point alone
        "links": [evidence.show(link, inside=inside, opens=opens) for link in found if inside or link.kind != "served"],
    }


def _row(row: Row, asked: PlanFilter, aliases: Mapping[UUID, str]) -> dict[str, Any]:
    alias = aliases.get(row.person_id, "") if row.person_id and asked.mine else ""
    return {
        "number": row.number,
        "href": asked.link("plan.record", number=row.number),
        "kind": kind(row),
        "since": row.since,
        "until": row.until,
        "counts": labels.number(row.numerator),
        "of": labels.number(row.denominator),
        "alias": alias,
        "role": labels.roles().get(row.role, row.role) if alias else "",
        "agency_kind": labels.agency_kind(row.agency_kind) if alias else "",
    }


def _shown_cut(asked: PlanFilter) -> dict[str, str]:
    return {name: value for name, value in asked.cut.items() if not (asked.mine and name == "country")}


def _plain(value: float) -> float:
    return int(value) if value == int(value) else round(value, 4)
