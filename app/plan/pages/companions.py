"""Sentences beside a figure: how many records it rests on, and its second number."""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _, ngettext

from app.catalogue.domain.references.plan import Indicator
from app.plan import labels
from app.plan.domain import cells
from app.plan.domain.cells import PlanCell, Shown
from app.plan.domain.definitions import fewest_records
from app.plan.domain.readers import VERIFIED_RULES
from app.plan.queries.companions import Companions, Numbers

Says = Callable[[Indicator, Numbers], list[str]]
COUNTS = frozenset({"cases", "actions", "on_time"})  # of no officers


def outside(companions: Companions) -> Companions:
    """Return numbers of officers as they are published outside: rounded to fives, without small groups and spread."""
    if companions.rule in VERIFIED_RULES:
        return Companions(companions.rule, _verified_outside(companions.numbers))
    numbers = {
        name: number if name in COUNTS or number is None else float(cells.rounded(number))
        for name, number in companions.numbers.items()
        if name != "spread" and not _is_small(name, companions.numbers)
    }
    return Companions(companions.rule, numbers)


def _verified_outside(numbers: Numbers) -> Numbers:
    """Return the officers whom the own chain alone watched, of those verified: rounded, or as a share from 25 on."""
    if "own_chain" not in numbers:
        return {}
    cell = PlanCell(_whole(numbers["own_chain"]), _whole(numbers["verified"]))
    shown = cells.outside_total(cell)
    if not isinstance(shown, Shown) or cell.small:
        return {}
    if shown.percent is not None:
        return {"percent": shown.percent}
    return {"own_chain": shown.n, "verified": shown.of}


def _is_small(name: str, numbers: Numbers) -> bool:
    """Return whether the second number of a figure, or the rest of the first, is under five officers."""
    number = numbers[name] or 0
    if name == "without":
        return number < cells.MIN_GROUP
    return name == "answered" and min(number, (numbers["asked"] or 0) - number) < cells.MIN_GROUP


def sentences(indicator: Indicator, companions: Companions, pair: str = "", *, few: bool = False) -> list[str]:
    """Return the sentences beside a figure; `pair` is the code and figure of the indicator shown with it.

    `few`: there are fewer records than a status needs.
    """
    says = _SAYS.get(companions.rule)
    own = says(indicator, companions.numbers) if says else []
    own += [_few(indicator)] if few and companions.rule in _LEAST else []
    return [*own, _("Never read without %(pair)s.", pair=pair)] if pair else own


def _verified(_indicator: Indicator, numbers: Numbers) -> list[str]:
    """Return how many of the officers in the figure were watched by their own chain alone."""
    percent = numbers.get("percent")
    if percent is not None:
        text = labels.number(percent, "percent")
        return [_("Watched by the own chain alone: %(n)s of the officers verified.", n=text), _means_own_chain()]
    if not numbers.get("verified"):
        return []
    counts = labels.ratio(_whole(numbers["own_chain"]), _whole(numbers["verified"]))
    return [_("Watched by the own chain alone: %(counts)s officers verified.", counts=counts), _means_own_chain()]


def _means_own_chain() -> str:
    return _("In at least one competency, only the own agency or supervisor watched last.")


def _gain(_indicator: Indicator, numbers: Numbers) -> list[str]:
    spread, without = numbers.get("spread"), numbers.get("without")
    return [
        _pairs(numbers["pairs"]),
        *([] if spread is None else [_("Spread of the gain: %(n)s.", n=labels.number(spread, "percentage_points"))]),
        *([] if without is None else [_without(without)]),
    ]


def _pairs(number: float | None) -> str:
    return ngettext("%(num)s pair of pre-test and test.", "%(num)s pairs of pre-test and test.", _whole(number))


def _without(number: float) -> str:
    return ngettext(
        "%(num)s first test without a comparable pre-test.",
        "%(num)s first tests without a comparable pre-test.",
        _whole(number),
    )


def _retained(_indicator: Indicator, numbers: Numbers) -> list[str]:
    asked, answered = _n(numbers["asked"]), numbers.get("answered")
    if answered is None:
        return [_("%(asked)s asked.", asked=asked)]
    return [_("%(asked)s asked, %(answered)s answered.", asked=asked, answered=_n(answered))]


def _accuracy(_indicator: Indicator, numbers: Numbers) -> list[str]:
    runs = ngettext("%(num)s first run", "%(num)s first runs", _whole(numbers["runs"]))
    cases = ngettext("%(num)s case", "%(num)s cases", _whole(numbers["cases"]))
    return [_("It rests on %(runs)s of %(cases)s.", runs=runs, cases=cases)]


def _agreement(indicator: Indicator, numbers: Numbers) -> list[str]:
    n, least = _n(numbers["results"]), _n(fewest_records(indicator))
    return [
        _("Results scored by two assessors in a year: %(n)s. A status needs %(least)s.", n=n, least=least),
    ]


def _content(_indicator: Indicator, numbers: Numbers) -> list[str]:
    lacking = _whole(numbers["lacking"])
    text = ngettext("%(num)s item lacks a licence or a source.", "%(num)s items lack a licence or a source.", lacking)
    return [text, _("The records list them by course.")] if lacking else [text]


def _incidents(_indicator: Indicator, numbers: Numbers) -> list[str]:
    days = numbers["days"]
    severe = _("Severe, with identities exposed: %(n)s.", n=_n(numbers["severe"]))
    if days is None:
        return [severe, _("No incident has ended yet.")]
    return [severe, _("Median time to end: %(n)s.", n=labels.number(days, "days"))]


def _actions(_indicator: Indicator, numbers: Numbers) -> list[str]:
    due = _whole(numbers["actions"])
    return [
        ngettext(
            "%(done)s of %(num)s action was done by its first due date.",
            "%(done)s of %(num)s actions were done by their first due date.",
            due,
            done=_n(numbers["on_time"]),
        )
    ]


def _few(indicator: Indicator) -> str:
    """Return how many records a status needs."""
    return _("There is no status below %(least)s.", least=_n(fewest_records(indicator)))


def _n(number: float | None) -> str:
    return labels.number(number or 0)


def _whole(number: float | None) -> int:
    return round(number or 0)


_LEAST = frozenset({"mean_gain", "retained_share"})  # figures whose sentences do not name the fewest records
_SAYS: Mapping[str, Says] = {
    "verified_in_all": _verified,
    "verified_in_all_share": _verified,
    "mean_gain": _gain,
    "retained_share": _retained,
    "scenario_accuracy": _accuracy,
    "assessors_agree": _agreement,
    "content_marked": _content,
    "incidents": _incidents,
    "action_points_on_time": _actions,
}
