"""Figures entered by hand: the list, one of them, and what the reader may do next."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.references.plan import Plan
from app.i18n import babel
from app.i18n.languages import country_name
from app.plan import labels
from app.plan.domain.definitions import BY_HAND
from app.plan.domain.entries import EntryRule, EntryUnit, entry_rule, is_large
from app.plan.domain.observations import ObservationState
from app.plan.pages import published
from app.plan.service.manual_figures import NewObservation
from app.plan.shapes import Observed
from app.web.table_files import Row


def state(given: ObservationState) -> tuple[str, str]:
    """Return a state in words, and its shape."""
    return {
        ObservationState.DRAFT: (_("Draft"), "here"),
        ObservationState.PENDING: (_("Waiting"), "wait"),
        ObservationState.RETURNED: (_("Returned"), "risk"),
        ObservationState.APPROVED: (_("Approved"), "good"),
    }[given]


def codes(plan: Plan) -> list[tuple[str, str]]:
    """Return the indicators that are entered by hand, with their titles, to choose from."""
    return [(one.id, f"{one.id} {labels.said(plan, one.id).text}") for one in plan.indicator if one.rule in BY_HAND]


def rules(plan: Plan, code: str) -> list[tuple[str, str]]:
    """Return what may be entered, by indicator: of the chosen one alone, or of all."""
    found = [one for one in plan.indicator if one.rule in BY_HAND]
    chosen = [one for one in found if one.id == code]
    return [(one.id, rule(entry_rule(one))) for one in chosen or found]


def rule(given: EntryRule) -> str:
    """Return unit, range and effect of an indicator's values in words."""
    unit = {
        EntryUnit.POINTS: _("Points"),
        EntryUnit.TOPICS: _("Number of topics"),
        EntryUnit.NUMBER: _("Number"),
        EntryUnit.PERCENT: _("Percent"),
    }[given.unit]
    if given.is_limited:
        span = _("%(unit)s, %(least)s to %(most)s.", unit=unit, least=_plain(given.minimum), most=_plain(given.maximum))
    else:
        span = _("%(unit)s, 0 or more.", unit=unit)
    effect = (
        _("The value counts as it is.")
        if given.counts_from is None
        else _("From %(least)s on the country counts.", least=_plain(given.counts_from))
    )
    return f"{span} {effect}"


def check(plan: Plan, new: NewObservation | Observed, last: Observed | None) -> dict[str, Any]:
    """Return what a figure counts as, beside the rule and the last approved figure."""
    indicator = next((one for one in plan.indicator if one.id == new.code), None)
    if indicator is None:
        return {"rule": "", "effect": "", "last": "", "is_large": False, "explanation": new.explanation}
    given = entry_rule(indicator)
    value = _plain(new.value)
    of = _("%(n)s of %(m)s", n=value, m=_plain(given.maximum)) if given.is_limited else value
    before = "" if last is None else _("%(n)s on %(day)s", n=_plain(last.value), day=babel.words(last.day))
    return {
        "rule": rule(given),
        "effect": _("%(value)s: will count as %(counts)s.", value=of, counts=_plain(given.counts_as(new.value))),
        "last": before,
        "is_large": is_large(new.value, None if last is None else last.value),
        "explanation": new.explanation,
    }


def _plain(value: float) -> str:
    return labels.number(value)


def countries(plan: Plan, actor: Actor) -> list[tuple[str, str]]:
    """Return the countries for which the reader may enter a figure."""
    if allows(actor, Action.DECIDE_FIGURE):
        return [
            ("", _("The community as a whole")),
            *((code, country_name(code)) for code in labels.in_alphabet(published.members(plan))),
        ]
    return [(actor.country, country_name(actor.country))]


def listing(plan: Plan, found: Sequence[Observed]) -> list[dict[str, Any]]:
    """Return the figures as rows of a table."""
    return [_shown(plan, one) | {"href": url_for("plan.show_figure", observation_id=one.id)} for one in found]


def one(plan: Plan, seen: Observed, aliases: Mapping[UUID, str], actor: Actor) -> dict[str, Any]:
    """Return a figure with who entered and decided it, and the steps that are open to the reader."""
    mine = seen.entered_by == actor.id
    writable = mine and seen.state in {ObservationState.DRAFT, ObservationState.RETURNED}
    decides = seen.state is ObservationState.PENDING and not mine and allows(actor, Action.DECIDE_FIGURE)
    return _shown(plan, seen) | {
        "id": seen.id,
        "entered_by": aliases.get(seen.entered_by, ""),
        "entered_at": seen.entered_at,
        "decided_by": aliases.get(seen.decided_by, "") if seen.decided_by else "",
        "approved_at": seen.approved_at,
        "reason": seen.reason,
        "writable": writable,
        "decides": decides,
        "waits_for_other": seen.state is ObservationState.PENDING and mine,
    }


def table(shown: Sequence[Mapping[str, Any]]) -> tuple[Row, list[Row]]:
    """Return the heads and rows of the file of figures."""
    heads = [_("Indicator"), _("Title"), _("Country"), _("On"), _("Figure"), _("Source"), _("State")]
    return heads, [
        [one["code"], one["title"].text, one["country"], one["day"], one["value"], one["source"], one["word"]]
        for one in shown
    ]


def _shown(plan: Plan, one: Observed) -> dict[str, Any]:
    word, kind = state(one.state)
    unit = next((each.unit for each in plan.indicator if each.id == one.code), "count")
    return {
        "code": one.code,
        "title": labels.said(plan, one.code),
        "country": country_name(one.country) if one.country else _("The community as a whole"),
        "day": one.day,
        "value": one.value,
        "number": labels.number(one.value, unit),
        "source": one.source,
        "word": word,
        "kind": kind,
        "has_file": one.has_file,
    }
