"""`/plan/edit/<code>/<period>/<country>`: the target of a cell, its open version, its history with opinions, forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Action, Actor, CountryScope, allows
from app.catalogue.domain.references.plan import Indicator, Plan
from app.i18n.languages import country_name
from app.i18n.stored_translations import TranslatedText
from app.plan import labels
from app.plan.domain import targets as rules
from app.plan.domain.definitions import BY_HAND
from app.plan.domain.entries import entry_rule
from app.plan.domain.figures import inherits
from app.plan.domain.targets import TargetCell, TargetOpinion, TargetState
from app.plan.forms import TargetForm, TargetNoteForm
from app.plan.pages import targets as listing
from app.plan.pages.figures import rule as entry_text
from app.plan.shapes import TargetNoteLine, TargetVersion
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionText:
    """The opinion of a contact point, without the alias of the author."""

    line: TargetNoteLine
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetVersionRow:
    """A version of a target in the history."""

    version: TargetVersion
    number: str
    status: tuple[str, str]
    set_by: str
    agreed_by: str
    opinions: Sequence[OpinionText]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPage(Page):
    """The target of a cell. `urls` are the steps that the user may take; `error`: a field with its message.

    `newest` is the number of the newest version, which a form repeats.
    """

    template: ClassVar[str] = "plan/target.html"
    code: str
    title: TranslatedText
    country: str
    period: str
    current: str
    origin: str
    rule: str
    open_version: TargetVersionRow | None
    waits_for: str
    history: Sequence[TargetVersionRow]
    newest: int
    form: TargetForm | None
    has_second: bool
    note_form: TargetNoteForm | None
    urls: Mapping[str, str]
    error: tuple[str, str]
    submission: str
    today: date
    back: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetHistory:
    """What the page of a cell is made of, beside the plan: versions, the newest first, their opinions, aliases."""

    versions: Sequence[TargetVersion]
    notes: Sequence[TargetNoteLine]
    aliases: Mapping[UUID, str]

    @property
    def newest(self) -> int:
        """Return the number of the newest version, 0 for none."""
        return max((version.version for version in self.versions), default=0)

    def in_effect(self, today: date) -> TargetVersion | None:
        """Return the version in effect, None for none."""
        agreed = (version for version in self.versions if version.agreed_by and version.valid_from <= today)
        return next(agreed, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetForms:
    """The forms of the page as they were sent, with an error: a field ("" for none) and its message."""

    target: TargetForm
    note: TargetNoteForm
    error: tuple[str, str] = ("", "")
    submission: str = ""


def target_page(
    plan: Plan, cell: TargetCell, past: TargetHistory, forms: TargetForms, *, actor: Actor, today: date
) -> TargetPage:
    """Return the page of a cell; `plan` has the agreed targets that are in effect today."""
    indicator = next(indicator for indicator in plan.indicator if indicator.id == cell.code)
    history = [_version_row(version, past, indicator.unit) for version in past.versions]
    open_version = _open_version(history)
    urls = _urls(cell, open_version, past.versions, actor)
    return TargetPage(
        code=cell.code,
        title=labels.plan_title(plan, cell.code),
        country=listing.country_text(cell.country),
        period=labels.period(rules.period_of(cell.period)),
        current=_current(indicator, cell),
        origin=_origin(indicator, cell, past, today),
        rule=_rule(indicator, cell),
        open_version=open_version,
        waits_for=_waits_for(open_version, actor),
        history=[row for row in history if row is not open_version],
        newest=past.newest,
        form=forms.target if urls["save"] else None,
        has_second=rules.takes_second(indicator),
        note_form=forms.note if urls["note"] else None,
        urls=urls,
        error=forms.error,
        submission=forms.submission,
        today=today,
        back=_back(cell, indicator, actor),
    )


def _version_row(version: TargetVersion, past: TargetHistory, unit: str) -> TargetVersionRow:
    return TargetVersionRow(
        version=version,
        number=labels.values(version.value, version.second, unit),
        status=labels.target_state(version.state),
        set_by=past.aliases.get(version.set_by, ""),
        agreed_by=past.aliases.get(version.agreed_by, "") if version.agreed_by else "",
        opinions=[
            OpinionText(line=note, label=_opinion(note.opinion)) for note in past.notes if note.target_id == version.id
        ],
    )


def _opinion(value: TargetOpinion) -> str:
    if value is TargetOpinion.AGREEMENT:
        return _("The contact point agrees")
    return _("The contact point objects")


def _current(indicator: Indicator, cell: TargetCell) -> str:
    target = listing.target_of(indicator, cell.country, rules.period_of(cell.period))
    return labels.values(target.value, target.second, indicator.unit) if target else _("No target")


def _origin(indicator: Indicator, cell: TargetCell, past: TargetHistory, today: date) -> str:
    """Return where the target in effect comes from."""
    version = past.in_effect(today)
    if version is not None:
        return _("Version %(n)s, agreed by two coordinators", n=version.version)
    if listing.target_of(indicator, cell.country, rules.period_of(cell.period)):
        return _("From the file of the plan")
    return _inherited(indicator, cell) or _("None was agreed yet.")


def _inherited(indicator: Indicator, cell: TargetCell) -> str:
    """Return that a country without own targets has those of the community, "" if it does not."""
    community = listing.target_of(indicator, "", rules.period_of(cell.period))
    has_own = any(target.country == cell.country for target in indicator.targets)
    if community is None or not cell.country or has_own or not inherits(indicator):
        return ""
    value = labels.values(community.value, community.second, indicator.unit)
    return _("The target of the community counts: %(n)s.", n=value)


def _rule(indicator: Indicator, cell: TargetCell) -> str:
    """Return the rule of values that a country reports by hand."""
    return entry_text(entry_rule(indicator)) if cell.country and indicator.rule in BY_HAND else ""


def _open_version(history: Sequence[TargetVersionRow]) -> TargetVersionRow | None:
    return next((row for row in history if row.version.state in rules.OPEN), None)


def _waits_for(open_version: TargetVersionRow | None, actor: Actor) -> str:
    if open_version is None or open_version.version.state is not TargetState.PROPOSED:
        return ""
    if open_version.version.set_by == actor.id:
        return _("You proposed this target, so another coordinator must agree.")
    return "" if allows(actor, Action.SET_TARGET) else _("A second coordinator has not agreed yet.")


def _urls(
    cell: TargetCell, open_version: TargetVersionRow | None, versions: Sequence[TargetVersion], actor: Actor
) -> dict[str, str]:
    """Return the addresses of the steps; "" for a step that the user may not take."""
    sets = allows(actor, Action.SET_TARGET)
    notes = allows(actor, Action.NOTE_TARGET, CountryScope(cell.country))
    noted = next((version for version in versions if version.state is not TargetState.DRAFT), None)
    return {
        "save": _save_url(cell) if sets else "",
        "note": url_for("plan.note_target", target_id=noted.id) if notes and noted else "",
        **_steps(open_version, actor, sets=sets),
    }


def _steps(open_version: TargetVersionRow | None, actor: Actor, *, sets: bool) -> dict[str, str]:
    if open_version is None or not sets:
        return dict.fromkeys(("propose", "agree", "withdraw"), "")
    version = open_version.version
    wanted = _step(version.state, is_own=version.set_by == actor.id)
    endpoints = {"propose": "plan.propose_target", "agree": "plan.agree_target", "withdraw": "plan.withdraw_target"}
    return {
        name: url_for(endpoint, target_id=version.id) if name == wanted else "" for name, endpoint in endpoints.items()
    }


def _step(state: TargetState, *, is_own: bool) -> str:
    """Return the step that a coordinator may take with an open version, "" for none."""
    if state is TargetState.PROPOSED:
        return "withdraw" if is_own else "agree"
    return "propose" if is_own else ""


def _save_url(cell: TargetCell) -> str:
    if not cell.country:
        return url_for("plan.save_community_target", code=cell.code, period=cell.period)
    return url_for("plan.save_target", code=cell.code, period=cell.period, country=cell.country)


def _back(cell: TargetCell, indicator: Indicator, actor: Actor) -> tuple[str, str]:
    if allows(actor, Action.SET_TARGET):
        return _("Targets"), url_for("plan.show_targets", result=indicator.result, period=cell.period)
    return country_name(cell.country), url_for("plan.country", country=cell.country)
