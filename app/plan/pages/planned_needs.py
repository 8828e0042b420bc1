"""`/plan/countries/<country>/needs`: the planned needs of a country by role, open versions, history, the form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID, uuid4

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Action, Actor, CountryScope, allows
from app.i18n.languages import country_name
from app.plan import labels
from app.plan.domain.planned_needs import ALL_ROLES, PlannedNeedState
from app.plan.forms import PlannedNeedForm
from app.plan.shapes import PlannedNeedVersion
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedRow:
    """A version of a planned need; `set_by` and `agreed_by` are aliases for users of the country, "" for others."""

    version: PlannedNeedVersion
    role: str
    number: str
    status: tuple[str, str]
    set_by: str
    agreed_by: str
    agree_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsPage(Page):
    """The planned needs of a country: those that wait first, then the agreed ones, then the replaced ones.

    `versions` is what the form repeats: the newest version of each role on the page. No `form`: it is not offered.
    """

    template: ClassVar[str] = "plan/planned_needs.html"
    country: str
    open_rows: Sequence[NeedRow]
    agreed_rows: Sequence[NeedRow]
    replaced_rows: Sequence[NeedRow]
    form: PlannedNeedForm | None
    url: str
    versions: str
    error: tuple[str, str]
    submission: str
    today: date
    back: tuple[str, str] | None


def needs_page(
    country: str,
    versions: Sequence[PlannedNeedVersion],
    aliases: Mapping[UUID, str],
    form: PlannedNeedForm,
    *,
    actor: Actor,
    error: tuple[str, str],
    today: date,
) -> NeedsPage:
    """Return the page."""
    rows = [_row(version, aliases, actor) for version in versions]
    enters = allows(actor, Action.ENTER_PLANNED_NEED, CountryScope(country))
    sees_plan = allows(actor, Action.SEE_COUNTRY, CountryScope(country))
    return NeedsPage(
        country=country_name(country),
        open_rows=_in_state(rows, PlannedNeedState.PROPOSED),
        agreed_rows=_in_state(rows, PlannedNeedState.AGREED),
        replaced_rows=_in_state(rows, PlannedNeedState.REPLACED),
        form=form if enters else None,
        url=url_for("plan.enter_need", country=country),
        versions=_newest(versions),
        error=error,
        submission=uuid4().hex,
        today=today,
        back=(country_name(country), url_for("plan.country", country=country)) if sees_plan else None,
    )


def offered(form: PlannedNeedForm) -> PlannedNeedForm:
    """Return the form with the roles to choose from."""
    roles = [(role, title) for role, title in labels.roles().items() if role]
    form.role.offer([(ALL_ROLES, _("All officers")), *roles])
    return form


def shown_version(versions: str, role: str) -> int:
    """Return the newest version of a role that a page showed, 0 for none."""
    shown = dict(part.split("=", 1) for part in versions.split() if "=" in part)
    number = shown.get(role, "")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < len(str(2**31)) else 0


def _newest(versions: Sequence[PlannedNeedVersion]) -> str:
    newest: dict[str, int] = {}
    for version in versions:
        newest[version.role] = max(version.version, newest.get(version.role, 0))
    return " ".join(f"{role}={number}" for role, number in sorted(newest.items()))


def _in_state(rows: Sequence[NeedRow], state: PlannedNeedState) -> list[NeedRow]:
    return [row for row in rows if row.version.state is state]


def _row(version: PlannedNeedVersion, aliases: Mapping[UUID, str], actor: Actor) -> NeedRow:
    is_open = version.state is PlannedNeedState.PROPOSED
    may_agree = version.set_by != actor.id and allows(actor, Action.AGREE_PLANNED_NEED, CountryScope(version.country))
    return NeedRow(
        version=version,
        role=_("All officers") if version.role == ALL_ROLES else labels.roles().get(version.role, version.role),
        number=labels.number(version.value),
        status=_status(version.state),
        set_by=aliases.get(version.set_by, ""),
        agreed_by=aliases.get(version.agreed_by, "") if version.agreed_by else "",
        agree_url=url_for("plan.agree_need", need_id=version.id) if is_open and may_agree else "",
    )


def _status(state: PlannedNeedState) -> tuple[str, str]:
    return {
        PlannedNeedState.PROPOSED: (_("Waiting"), "wait"),
        PlannedNeedState.AGREED: (_("Agreed"), "good"),
        PlannedNeedState.REPLACED: (_("Replaced"), "none"),
    }[state]
