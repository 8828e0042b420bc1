"""The figures on top of the results of a course, its cases, and its countries, in words."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import format_decimal, format_percent, gettext as _, ngettext, pgettext

from app.i18n.languages import country_name
from app.plan.domain.cells import Published, Shown
from app.quizzes.domain.item_flags import LEAST_SHOWN
from app.quizzes.queries.gains import CourseGain
from app.scenarios.queries import CaseResult
from app.studio.domain.case_texts import UNNAMED
from app.studio.queries.results import CourseResults

Fact = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResultLine:
    """A case with its rates; `missing` says how many runs are needed, "" if there are enough."""

    title: str
    href: str
    runs: int
    missing: str
    missed: str
    alarmed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryLine:
    """A country with rounded counts in words."""

    name: str
    finished: str


def summary(results: CourseResults) -> list[Fact]:
    """Return the figures of the course; those of tests need 20 officers once a filter is chosen."""
    return [*_progress(results), *_first_tests(results), *_gain(results), *_retention(results)]


def case_lines(results: CourseResults) -> list[CaseResultLine]:
    """Return the cases of the version, and those of earlier versions that were played."""
    played = {case.name: case for case in results.figures.cases}
    names = [*results.outline.cases, *(name for name in played if name not in results.outline.cases)]
    return [_case_line(results, played.get(name, CaseResult(name, 0, 0, 0))) for name in names]


def country_lines(results: CourseResults) -> list[CountryLine]:
    """Return the countries that may be shown, by name."""
    texts = {code: _cell(cell) for code, cell in results.countries.items()}
    lines = [CountryLine(name=country_name(code), finished=text) for code, text in texts.items() if text]
    return sorted(lines, key=lambda line: line.name)


def percent(rate: float) -> str:
    """Return a rate from 0 to 1 in percent."""
    return str(format_percent(rate))


def _progress(results: CourseResults) -> list[Fact]:
    counts, days = results.figures.counts, results.figures.days
    facts = [(_("Begun"), _number(counts.begun))]
    if counts.begun:
        facts.append((pgettext("number", "Finished"), _of(counts.completed, counts.begun)))
    if days is not None:
        facts.append((_("Middle time to finish"), ngettext("%(num)s day", "%(num)s days", round(days))))
    return facts


def _first_tests(results: CourseResults) -> list[Fact]:
    tests, term = results.tests, _("Passed at first try")
    if tests is None or not tests.ended:
        return []
    if results.choice.is_limited and tests.ended < LEAST_SHOWN:
        return [(term, _needed(tests.ended))]
    return [(term, _of(tests.passed, tests.ended))]


def _gain(results: CourseResults) -> list[Fact]:
    gain, term = results.figures.gain, _("Gain")
    if gain is None:
        return []
    return [(term, _needed(gain.pairs) if gain.pairs < LEAST_SHOWN else _gain_text(gain))]


def _gain_text(gain: CourseGain) -> str:
    return _(
        "Before %(before)s, after %(after)s: %(gain)s points (%(pairs)s officers, spread %(spread)s)",
        before=percent(gain.before),
        after=percent(gain.after),
        gain=str(format_decimal(100 * gain.gain, "+0;-0")),
        pairs=_number(gain.pairs),
        spread=str(format_decimal(100 * gain.spread, "0")),
    )


def _retention(results: CourseResults) -> list[Fact]:
    retention, facts = results.figures.retention, results.outline.facts.retention
    if retention is None or facts is None:
        return []
    term = ngettext("%(num)s month later", "%(num)s months later", facts.months)
    if retention.asked < LEAST_SHOWN:
        return [(term, _needed(retention.asked))]
    text = _(
        "%(rate)s retained it (%(answered)s of %(asked)s answered)",
        rate=percent(retention.retained / retention.asked),
        answered=_number(retention.answered),
        asked=_number(retention.asked),
    )
    return [(term, text)]


def _case_line(results: CourseResults, case: CaseResult) -> CaseResultLine:
    outline = results.outline
    titles = outline.cases.get(case.name, {})
    has_numbers = case.runs >= LEAST_SHOWN
    return CaseResultLine(
        title=titles.get(outline.facts.source_language, case.name),
        href=url_for("studio.show_case_results", course=outline.slug, case=case.name or UNNAMED) if titles else "",
        runs=case.runs,
        missing="" if has_numbers else _runs_needed(case.runs),
        missed=percent(case.missed / case.runs) if has_numbers else "",
        alarmed=percent(case.alarmed / case.runs) if has_numbers else "",
    )


def _needed(n: int) -> str:
    return ngettext(
        "%(least)s officers are needed; %(num)s so far.",
        "%(least)s officers are needed; %(num)s so far.",
        n,
        least=LEAST_SHOWN,
    )


def _runs_needed(n: int) -> str:
    return ngettext(
        "%(least)s first runs are needed; %(num)s so far.",
        "%(least)s first runs are needed; %(num)s so far.",
        n,
        least=LEAST_SHOWN,
    )


def _cell(cell: Published) -> str:
    """Return a cell of the table by country in words, "" for one that is not shown."""
    if not isinstance(cell, Shown):
        return ""
    if cell.percent is not None:
        return _("About %(rate)s", rate=percent(cell.percent / 100))
    return _("About %(n)s of %(of)s", n=cell.n, of=cell.of) if cell.n is not None else ""


def _of(n: int, of: int) -> str:
    return _("%(n)s of %(of)s (%(rate)s)", n=_number(n), of=_number(of), rate=percent(n / of))


def _number(n: int) -> str:
    return str(format_decimal(n))
