"""Sentences beside a figure: how many records it rests on, and its second number."""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _, ngettext

from app.catalogue.domain.references.plan import Indicator
from app.plan import labels
from app.plan.domain.definitions import fewest_records
from app.plan.queries.companions import Companions, Numbers

Says = Callable[[Indicator, Numbers], list[str]]


def sentences(indicator: Indicator, companions: Companions, pair: str = "") -> list[str]:
    """Return the sentences beside a figure; `pair` is the code and figure of the indicator shown with it."""
    says = _SAYS.get(companions.rule)
    own = says(indicator, companions.numbers) if says else []
    return [*own, _("Never read without %(pair)s.", pair=pair)] if pair else own


def _gain(indicator: Indicator, numbers: Numbers) -> list[str]:
    spread = numbers["spread"]
    return [
        _enough(indicator, numbers["pairs"], _pairs(numbers["pairs"])),
        *([] if spread is None else [_("Spread of the gain: %(n)s.", n=labels.number(spread, "percentage_points"))]),
        ngettext(
            "%(num)s first test without a comparable pre-test.",
            "%(num)s first tests without a comparable pre-test.",
            _whole(numbers["without"]),
        ),
    ]


def _pairs(number: float | None) -> str:
    return ngettext("%(num)s pair of pre-test and test.", "%(num)s pairs of pre-test and test.", _whole(number))


def _retained(indicator: Indicator, numbers: Numbers) -> list[str]:
    text = _("%(asked)s asked, %(answered)s answered.", asked=_n(numbers["asked"]), answered=_n(numbers["answered"]))
    return [_enough(indicator, numbers["asked"], text)]


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


def _enough(indicator: Indicator, number: float | None, text: str) -> str:
    """Return a sentence, with the number of records that a status needs if there are fewer."""
    least = fewest_records(indicator)
    if (number or 0) >= least:
        return text
    few = _("There is no status below %(least)s.", least=_n(least))
    return f"{text} {few}"


def _n(number: float | None) -> str:
    return labels.number(number or 0)


def _whole(number: float | None) -> int:
    return round(number or 0)


_SAYS: Mapping[str, Says] = {
    "mean_gain": _gain,
    "retained_share": _retained,
    "scenario_accuracy": _accuracy,
    "assessors_agree": _agreement,
    "content_marked": _content,
    "incidents": _incidents,
}
