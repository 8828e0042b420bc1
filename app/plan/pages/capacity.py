"""`/plan/capacity`, and pages of countries and indicators: officers needed, verified, able; small numbers hidden."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_babel import gettext as _

from app.catalogue.domain.references.competencies import Competencies
from app.competence.labels import competencies as competence
from app.competence.shapes import CapacityLine
from app.i18n.stored_translations import TranslatedText
from app.plan import labels
from app.plan.domain.cells import MIN_GROUP, MIN_GROUP_PROTECTED, PlanCell, Shown, in_steps, publish_total
from app.plan.pages import published
from app.plan.pages.filters import PlanFilter
from app.plan.pages.frame import Frame
from app.web.pages import Page
from app.web.table_files import Row

COMMUNITY, OWN, ABROAD = "community", "own", "abroad"


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityRow:
    """A competency and level: how many officers need it, are verified, are likely able today."""

    code: str
    title: TranslatedText
    level: str
    need: str
    verified: str
    able: str
    range: str


@dataclass(frozen=True, slots=True)
class CapacityTable:
    """Competencies with their numbers of officers."""

    rows: Sequence[CapacityRow]

    @property
    def has_range(self) -> bool:
        """Return whether any number has a likely range: only where there were surprise checks."""
        return any(row.range for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityPage(Page):
    """Needed, verified, able today by competency."""

    template: ClassVar[str] = "plan/capacity.html"
    frame: Frame
    table: CapacityTable
    links: Mapping[str, str]


def capacity_table(
    lines: Sequence[CapacityLine],
    framework: Competencies | None,
    *,
    scope: str,
    whole: Sequence[CapacityLine] = (),
    only: Collection[str] = (),
    fewest: int = 0,
    guarded: bool = False,
) -> CapacityTable:
    """Return a row for each competency and level that officers need or have verified.

    `scope`: the numbers are of the `community`, of the actor's `own` country, or of another country (`abroad`).
    Of another country only ratios are shown, and only if neither it nor the rest of the `whole` is too small.
    `fewest` officers must need it; more where an officer may be under threat (`guarded`).
    """
    if framework is None:
        return CapacityTable(())
    rest = {(line.competency, line.level): line for line in whole}
    least = MIN_GROUP_PROTECTED if fewest and guarded else fewest
    result = [
        CapacityRow(
            code=line.competency,
            title=competence.title(framework, line.competency),
            level=competence.level(line.level),
            **_numbers(line, scope, rest.get((line.competency, line.level)), guarded=guarded),
        )
        for line in lines
        if _is_listed(line, least, only)
    ]
    return CapacityTable(result)


def _is_listed(line: CapacityLine, least: int, only: Collection[str]) -> bool:
    is_used = line.need > 0 or line.headcount > 0
    return is_used and line.need >= least and (not only or line.competency in only)


def table(capacity: CapacityTable) -> tuple[Row, list[Row]]:
    """Return the heads and rows of the file of these numbers."""
    heads = [_("Competency"), _("Title"), _("Level"), _("Needed"), _("Verified"), _("Able today"), _("Likely range")]
    return heads, [
        [row.code, row.title.text, row.level, row.need, row.verified or _("Not shown"), row.able, row.range]
        for row in capacity.rows
    ]


def scope_of(asked: PlanFilter, country: str = "") -> str:
    """Return the scope of the numbers of a country, or of all, for the actor."""
    if asked.own_country:
        return OWN
    return ABROAD if country else COMMUNITY


def _numbers(line: CapacityLine, scope: str, whole: CapacityLine | None, *, guarded: bool) -> dict[str, str]:
    if scope == ABROAD:
        return _shares(line, whole, guarded=guarded)
    few = _fewest(scope, guarded=guarded)
    likely = line.audited if line.audited is not None else line.expected
    return {
        "need": _count(line.need, few),
        "verified": _verified(line, few),
        "able": _unknown(line) if likely is None else _count(round(likely), few),
        "range": _range(line, few),
    }


def _fewest(scope: str, *, guarded: bool) -> int:
    """Return the smallest number that may be shown; 0 where all are shown."""
    if scope != COMMUNITY:
        return 0
    return MIN_GROUP_PROTECTED if guarded else MIN_GROUP


def _verified(line: CapacityLine, few: int) -> str:
    # fewer than five who need it and are not verified are shown as little as fewer than five who are
    return "" if few and few <= line.headcount > line.need - few else _count(line.headcount, few)


def _range(line: CapacityLine, few: int) -> str:
    if line.low is None or line.high is None or (few and line.low < few):
        return ""
    return _("%(low)s to %(high)s", low=labels.number(round(line.low)), high=labels.number(round(line.high)))


def _shares(line: CapacityLine, whole: CapacityLine | None, *, guarded: bool) -> dict[str, str]:
    hidden = {"need": "", "verified": "", "able": "", "range": ""}
    country = PlanCell(min(line.headcount, line.need), line.need, guarded=guarded)
    others = PlanCell(min(whole.headcount, whole.need), whole.need) - country if whole else None
    if country.small or others is None or others.size < MIN_GROUP:
        return hidden
    able = _unknown(line) if line.expected is None else _share(min(line.expected, line.need), line.need)
    return hidden | {"verified": _share(country.n, line.need), "able": able}


def _unknown(line: CapacityLine) -> str:
    return _("Not calculated yet") if line.summed_on is None else _("Not shown: fewer than half were watched")


def _share(n: float, of: float) -> str:
    return labels.number(in_steps(n, of), "percent")


def _count(n: int, few: int) -> str:
    if not few or isinstance(publish_total(PlanCell(n, guarded=few == MIN_GROUP_PROTECTED)), Shown):
        return labels.number(n)
    return published.hidden_text(guarded=few == MIN_GROUP_PROTECTED)
