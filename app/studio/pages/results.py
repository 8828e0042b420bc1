"""View model of the results of a course: /teaching/courses/<course>/results."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import ClassVar

from flask import url_for
from flask_babel import format_decimal, format_percent, gettext as _, ngettext, pgettext

from app.i18n.languages import country_name, direction
from app.learning.queries.results import LessonCounts
from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.item_flags import LEAST_SHOWN, ItemFlag, most_chosen_wrong, never_chosen
from app.quizzes.domain.statistics import histogram_median
from app.quizzes.labels import FLAG_MEANINGS, FLAGS
from app.studio.domain.country_results import RoundedCell
from app.studio.pages.header import CourseHeader
from app.studio.queries.results import CourseResults, QuestionResult
from app.web.pages import Page

LONGEST = 120  # characters of a question in a table
_TAG = re.compile(r"<[^>]*>")
NOT_OPENED = LessonCounts(0, 0, 0, 0, {})
TABLES = ("lessons", "questions", "countries")


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonResultLine:
    """A lesson with its counts in words; `minutes` is "" if no time was measured."""

    number: int
    title: str
    href: str
    opened: int
    finished: int
    skimmed: int
    stopped: int
    minutes: str
    stated: int
    reports: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionResultLine:
    """A question with its figures in words; `missing` says how many answers are needed, "" if there are enough."""

    code: str
    text: str
    href: str
    asked: str
    answers: int
    missing: str
    right: str
    separates: str
    distractor: str
    never: str
    seconds: str
    comments: int
    flags: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryLine:
    """A country with rounded counts in words."""

    name: str
    finished: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLinks:
    """Links to the files of a table."""

    csv: str
    xlsx: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFiles:
    """The files of each table."""

    lessons: TableLinks
    questions: TableLinks
    countries: TableLinks


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsPage(Page):
    """Results over all countries; `worst` is the editor of the first flagged question, "" if no question is flagged."""

    template: ClassVar[str] = "studio/results.html"

    head: CourseHeader
    lang: str
    dir: str
    summary: Sequence[tuple[str, str]]
    lessons: Sequence[LessonResultLine]
    questions: Sequence[QuestionResultLine]
    meanings: Sequence[tuple[str, str]]
    countries: Sequence[CountryLine]
    countries_on: date
    worst: str
    reports_href: str
    questions_href: str
    links: ResultFiles


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpublishedPage(Page):
    """The results of a course that was never published: none."""

    template: ClassVar[str] = "studio/no_results.html"

    head: CourseHeader


def results_page(head: CourseHeader, results: CourseResults) -> ResultsPage:
    """Return the page of the results of a course."""
    slug, language = results.outline.slug, results.outline.facts.source_language
    questions = question_lines(results)
    flagged = [result.question.item.id for result in _sorted(results.questions) if result.flags]
    raised = {flag for result in results.questions for flag in result.flags}
    return ResultsPage(
        head=head,
        lang=language,
        dir=direction(language),
        summary=_summary(results),
        lessons=lesson_lines(results),
        questions=questions,
        meanings=[(str(FLAGS[flag]), str(FLAG_MEANINGS[flag])) for flag in ItemFlag if flag in raised],
        countries=country_lines(results),
        countries_on=results.countries_on,
        worst=url_for("studio.show_question", course=slug, item=flagged[0]) if flagged else "",
        reports_href=url_for("studio.show_reports", course=slug),
        questions_href=url_for("studio.show_learner_questions", course=slug),
        links=ResultFiles(**{name: _links(slug, name) for name in TABLES}),
    )


def lesson_lines(results: CourseResults) -> list[LessonResultLine]:
    """Return the lessons in the order of the course."""
    return [_lesson_line(results, number) for number in range(1, len(results.outline.facts.lessons) + 1)]


def question_lines(results: CourseResults) -> list[QuestionResultLine]:
    """Return the questions, those with the most urgent flags first."""
    slug = results.outline.slug
    return [
        _question_line(slug, result, results.learner_questions.get(result.question.item.id, 0))
        for result in _sorted(results.questions)
    ]


def country_lines(results: CourseResults) -> list[CountryLine]:
    """Return the countries that may be shown, by name."""
    lines = [CountryLine(name=country_name(code), finished=_cell(cell)) for code, cell in results.countries.items()]
    return sorted(lines, key=lambda line: line.name)


def _sorted(questions: Sequence[QuestionResult]) -> list[QuestionResult]:
    order = list(ItemFlag)
    return sorted(questions, key=lambda result: order.index(result.flags[0]) if result.flags else len(order))


def _lesson_line(results: CourseResults, number: int) -> LessonResultLine:
    outline = results.outline
    entry = outline.facts.lessons[number - 1]
    counts = results.lessons.get(entry.slug, NOT_OPENED)
    minutes = histogram_median(counts.minutes)
    return LessonResultLine(
        number=number,
        title=outline.lesson_title(entry.slug, outline.facts.source_language),
        href=url_for("studio.edit_lesson", course=outline.slug, lesson=entry.slug),
        opened=counts.opened,
        finished=counts.finished,
        skimmed=counts.skimmed,
        stopped=counts.stopped,
        minutes="" if minutes is None else str(format_decimal(minutes, "0")),
        stated=entry.minutes,
        reports=results.reports.get(entry.slug, 0),
    )


def _question_line(slug: str, result: QuestionResult, comments: int) -> QuestionResultLine:
    answers = result.answers
    line = {
        "code": result.question.item.id,
        "text": _plain(result.question.texts.stem),
        "href": url_for("studio.show_question", course=slug, item=result.question.item.id),
        "asked": _("Before the course") if answers.purpose is Purpose.PRETEST else _("Test"),
    }
    figures = _figures(result) if answers.has_numbers else dict.fromkeys(_FIGURES, "")
    return QuestionResultLine(
        **line,
        **figures,
        answers=answers.all.n,
        missing="" if answers.has_numbers else _missing(answers.all.n),
        comments=comments,
        flags=[str(FLAGS[flag]) for flag in result.flags],
    )


_FIGURES = ("right", "separates", "distractor", "never", "seconds")


def _figures(result: QuestionResult) -> dict[str, str]:
    answers, seconds = result.answers, result.answers.seconds
    most_chosen = most_chosen_wrong(answers, result.key)
    return {
        "right": _percent(answers.all.facility),
        "separates": "" if result.discrimination is None else str(format_decimal(result.discrimination, "0.00")),
        "distractor": _("%(option)s, by %(rate)s", option=_letter(most_chosen[0]), rate=_percent(most_chosen[1]))
        if most_chosen
        else "",
        "never": ", ".join(map(_letter, never_chosen(answers, result.key))),
        "seconds": "" if seconds is None else _("%(n)s s", n=str(format_decimal(seconds, "0"))),
    }


def _missing(n: int) -> str:
    return ngettext(
        "%(least)s first answers are needed; %(num)s so far.",
        "%(least)s first answers are needed; %(num)s so far.",
        n,
        least=LEAST_SHOWN,
    )


def _summary(results: CourseResults) -> list[tuple[str, str]]:
    counts, tests = results.counts, results.tests
    facts = [(_("Begun"), str(format_decimal(counts.begun)))]
    if counts.begun:
        facts.append((pgettext("number", "Finished"), _of(counts.completed, counts.begun)))
    if tests is not None and tests.ended:
        facts.append((_("Passed at first try"), _of(tests.passed, tests.ended)))
    return facts


def _of(n: int, of: int) -> str:
    return _("%(n)s of %(of)s (%(rate)s)", n=str(format_decimal(n)), of=str(format_decimal(of)), rate=_percent(n / of))


def _cell(cell: RoundedCell) -> str:
    if cell.percent is None:
        return _("About %(n)s of %(of)s", n=cell.n, of=cell.of)
    return _("About %(n)s of %(of)s (%(rate)s)", n=cell.n, of=cell.of, rate=_percent(cell.percent / 100))


def _percent(rate: float) -> str:
    return str(format_percent(rate))


def _letter(option: int) -> str:
    """Return the letter of an option, as the editor of questions shows it."""
    return chr(ord("A") + option) if option < 26 else str(option + 1)


def _plain(html: str) -> str:
    text = unescape(" ".join(_TAG.sub(" ", html).split()))
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"


def _links(slug: str, name: str) -> TableLinks:
    csv, xlsx = (url_for("studio.send_results", course=slug, table=name, form=form) for form in ("csv", "xlsx"))
    return TableLinks(csv=csv, xlsx=xlsx)
