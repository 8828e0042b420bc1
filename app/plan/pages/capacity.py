"""Who needs a competency, who is verified, who is likely able today: counts side by side, small ones hidden."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.competence.labels import competencies as competence
from app.competence.shapes import CapacityLine
from app.plan import labels
from app.plan.domain.cells import GUARDED, SMALLEST, Cell, Shown, in_steps, publish_total
from app.plan.pages import published
from app.plan.pages.filters import PlanFilter
from app.web.table_files import Row

COMMUNITY, OWN, ABROAD = "community", "own", "abroad"
Key = tuple[str, Level]


def rows(
    found: Sequence[CapacityLine],
    framework: Competencies | None,
    *,
    scope: str,
    whole: Sequence[CapacityLine] = (),
    only: Collection[str] = (),
    fewest: int = 0,
    guarded: bool = False,
) -> list[dict[str, Any]]:
    """Return a row for each competency and level that somebody needs or holds.

    `scope` says whose numbers these are to the reader: of the `community`, of the `own` country, or of another one
    (`abroad`): of such a country shares alone, and only where neither it nor the rest of the `whole` is too small.
    `fewest` officers must need it; more where somebody may be under threat (`guarded`).
    """
    if framework is None:
        return []
    rest = {(one.competency, one.level): one for one in whole}
    least = GUARDED if fewest and guarded else fewest
    return [
        {
            "code": one.competency,
            "title": competence.title(framework, one.competency),
            "level": competence.level(one.level),
            "scope": scope,
            **_numbers(one, scope, rest.get((one.competency, one.level)), guarded=guarded),
        }
        for one in found
        if (one.need or one.headcount) and one.need >= least and (not only or one.competency in only)
    ]


def table(shown: Iterable[Mapping[str, Any]]) -> tuple[Row, list[Row]]:
    """Return the heads and rows of the file of these numbers."""
    heads = [_("Competency"), _("Title"), _("Level"), _("Needed"), _("Verified"), _("Able today"), _("Likely range")]
    return heads, [
        [
            one["code"],
            one["title"].text,
            one["level"],
            one["need"],
            one["verified"] or _("Not shown"),
            one["able"],
            one["range"],
        ]
        for one in shown
    ]


def scope_of(asked: PlanFilter, country: str = "") -> str:
    """Return whose numbers those of a country (or of all) are to the reader."""
    if asked.mine:
        return OWN
    return ABROAD if country else COMMUNITY


def has_range(shown: Iterable[Mapping[str, Any]]) -> bool:
    """Say whether any number has a likely range: only where there were surprise checks."""
    return any(one["range"] for one in shown)


def _numbers(one: CapacityLine, scope: str, whole: CapacityLine | None, *, guarded: bool) -> dict[str, str]:
    if scope == ABROAD:
        return _shares(one, whole, guarded=guarded)
    few = 0 if scope != COMMUNITY else GUARDED if guarded else SMALLEST
    likely = one.audited if one.audited is not None else one.expected
    return {
        "need": _count(one.need, few),
        # fewer than five who need it and are not verified are told as little as fewer than five who are
        "verified": "" if few and few <= one.headcount > one.need - few else _count(one.headcount, few),
        "able": _unknown(one) if likely is None else _count(round(likely), few),
        "range": ""
        if one.low is None or one.high is None or (few and one.low < few)
        else _("%(low)s to %(high)s", low=labels.number(round(one.low)), high=labels.number(round(one.high))),
    }


def _shares(one: CapacityLine, whole: CapacityLine | None, *, guarded: bool) -> dict[str, str]:
    hidden = {"need": "", "verified": "", "able": "", "range": ""}
    here = Cell(min(one.headcount, one.need), one.need, guarded=guarded)
    there = Cell(min(whole.headcount, whole.need), whole.need) - here if whole else None
    if here.small or there is None or there.size < SMALLEST:
        return hidden
    able = _unknown(one) if one.expected is None else _share(min(one.expected, one.need), one.need)
    return hidden | {"verified": _share(here.n, one.need), "able": able}


def _unknown(one: CapacityLine) -> str:
    return _("Not summed up yet") if one.summed_on is None else _("Not shown: fewer than half were watched")


def _share(n: float, of: float) -> str:
    return labels.number(in_steps(n, of), "percent")


def _count(n: int, few: int) -> str:
    if not few or isinstance(publish_total(Cell(n, guarded=few == GUARDED)), Shown):
        return labels.number(n)
    return published.fewer(guarded=few == GUARDED)
