"""View model of the results of a course: /teaching/courses/<course>/results."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from html import unescape
from typing import ClassVar
from urllib.parse import urlencode

from flask import url_for
from flask_babel import format_decimal, gettext as _, ngettext

from app.catalogue.queries import courses as catalogue
from app.i18n.languages import current, direction
from app.learning.queries.results import LessonCounts
from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.decisions import BothErrors, errors_of_answers, total
from app.quizzes.domain.item_flags import LEAST_SHOWN, ItemFlag, most_chosen_wrong, never_chosen, proved_answers
from app.quizzes.domain.statistics import histogram_median
from app.quizzes.labels import FLAG_MEANINGS, FLAGS
from app.studio.pages import result_summary
from app.studio.pages.header import CourseHeader
from app.studio.pages.result_filter import ResultFilterField
from app.studio.pages.result_summary import CaseResultLine, CountryLine, percent
from app.studio.queries.results import CourseResults, QuestionResult, Reliability
from app.web.pages import Page

LONGEST = 120  # characters of a question in a table
_TAG = re.compile(r"<[^>]*>")
NOT_OPENED = LessonCounts(0, 0, 0, 0, {})
TABLES = ("lessons", "questions", "cases", "countries")


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
    """A question with its figures in words; `missing` says how many answers are needed, "" if there are enough.

    `proofs` are the rates of right answers and of right lines apart, empty for a question that asks for no line.
    """

    code: str
    text: str
    href: str
    asked: str
    answers: int
    missing: str
    right: str
    proofs: Sequence[tuple[str, str]]
    separates: str
    distractor: str
    never: str
    seconds: str
    comments: int
    flags: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionErrors:
    """Both errors in the first answers to questions that ask for a decision, before the course or in tests."""

    asked: str
    missed: str
    alarmed: str


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
    cases: TableLinks
    countries: TableLinks


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsPage(Page):
    """Results over all countries; `worst` is the editor of the first flagged question, "" if no question is flagged.

    `agreement` is that of the questions of each competency. `counted_at`: when the job counted the answers, None if
    they were counted for this page.
    """

    template: ClassVar[str] = "studio/results.html"

    head: CourseHeader
    lang: str
    dir: str
    filters: Sequence[ResultFilterField]
    is_limited: bool
    all_url: str
    summary: Sequence[tuple[str, str]]
    lessons: Sequence[LessonResultLine]
    questions: Sequence[QuestionResultLine]
    meanings: Sequence[tuple[str, str]]
    agreement: Sequence[tuple[str, str]]
    counted_at: datetime | None
    decisions: Sequence[DecisionErrors]
    cases: Sequence[CaseResultLine]
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


def results_page(head: CourseHeader, results: CourseResults, filters: Sequence[ResultFilterField]) -> ResultsPage:
    """Return the page of the results of a course; `filters` is its form."""
    slug, language = results.outline.slug, results.outline.facts.source_language
    questions = question_lines(results)
    flagged = [result.question.item.id for result in _sorted(results.questions) if result.flags]
    raised = {flag for result in results.questions for flag in result.flags}
    return ResultsPage(
        head=head,
        lang=language,
        dir=direction(language),
        filters=filters,
        is_limited=results.choice.is_limited,
        all_url=url_for("studio.show_results", course=slug),
        summary=result_summary.summary(results),
        lessons=lesson_lines(results),
        questions=questions,
        meanings=[(str(FLAGS[flag]), str(FLAG_MEANINGS[flag])) for flag in ItemFlag if flag in raised],
        agreement=_agreements(results),
        counted_at=results.counted_at,
        decisions=_decisions(results),
        cases=result_summary.case_lines(results),
        countries=result_summary.country_lines(results),
        countries_on=results.figures.countries_on,
        worst=url_for("studio.show_question", course=slug, item=flagged[0]) if flagged else "",
        reports_href=url_for("studio.show_reports", course=slug),
        questions_href=url_for("studio.show_learner_questions", course=slug),
        links=ResultFiles(**{name: _links(results, name) for name in TABLES}),
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


def _decisions(results: CourseResults) -> list[DecisionErrors]:
    lines: list[DecisionErrors] = []
    for is_before, asked in ((True, _("Before the course")), (False, _("Test"))):
        errors = total(
            errors_of_answers(result.question.item, result.answers.chosen)
            for result in results.questions
            if (result.answers.purpose is Purpose.PRETEST) == is_before
        )
        if errors != BothErrors():
            missed, alarmed = _rate(errors.misses, errors.could_miss), _rate(errors.alarms, errors.could_alarm)
            lines.append(DecisionErrors(asked=asked, missed=missed, alarmed=alarmed))
    return lines


def _rate(errors: int, answers: int) -> str:
    if answers < LEAST_SHOWN:
        return _missing(answers)
    return _("%(rate)s of %(n)s", rate=percent(errors / answers), n=str(format_decimal(answers)))


def _agreements(results: CourseResults) -> list[tuple[str, str]]:
    return [_agreement(line) for line in results.reliability]


def _agreement(line: Reliability) -> tuple[str, str]:
    """Return a competency and how much its questions agree, in words."""
    title = catalogue.competency_titles(current()).get(line.competency, "")
    name = f"{line.competency} {title}".strip()
    if line.kr20 is None:
        return name, _("Cannot be calculated: one question each, or all results are the same.")
    value = str(format_decimal(line.kr20, "0.00"))
    return name, ngettext("%(value)s (%(num)s first test)", "%(value)s (%(num)s first tests)", line.tests, value=value)


def _sorted(questions: Sequence[QuestionResult]) -> list[QuestionResult]:
    order = list(ItemFlag)
    return sorted(questions, key=lambda result: order.index(result.flags[0]) if result.flags else len(order))


def _lesson_line(results: CourseResults, number: int) -> LessonResultLine:
    outline = results.outline
    entry = outline.facts.lessons[number - 1]
    counts = results.figures.lessons.get(entry.slug, NOT_OPENED)
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
        proofs=_proofs(result) if answers.has_numbers else (),
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
        "right": percent(answers.all.facility),
        "separates": "" if result.discrimination is None else str(format_decimal(result.discrimination, "0.00")),
        "distractor": _("%(option)s, by %(rate)s", option=_letter(most_chosen[0]), rate=percent(most_chosen[1]))
        if most_chosen
        else "",
        "never": ", ".join(map(_letter, never_chosen(answers, result.key))),
        "seconds": "" if seconds is None else _("%(n)s s", n=str(format_decimal(seconds, "0"))),
    }


def _proofs(result: QuestionResult) -> Sequence[tuple[str, str]]:
    counts = proved_answers(result.answers, result.key)
    if counts is None:
        return ()
    return (
        (_("Answer right"), percent(counts.right / counts.n)),
        (_("Line right"), percent(counts.proved / counts.n)),
        (_("Answer right without the line"), percent(counts.without_line / counts.n)),
    )


def _missing(n: int) -> str:
    return ngettext(
        "%(least)s first answers are needed; %(num)s so far.",
        "%(least)s first answers are needed; %(num)s so far.",
        n,
        least=LEAST_SHOWN,
    )


def _letter(option: int) -> str:
    """Return the letter of an option, as the editor of questions shows it."""
    return chr(ord("A") + option) if option < 26 else str(option + 1)


def _plain(html: str) -> str:
    text = unescape(" ".join(_TAG.sub(" ", html).split()))
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"


def _links(results: CourseResults, name: str) -> TableLinks:
    address = partial(url_for, "studio.send_results", course=results.outline.slug, table=name)
    query = "" if name == "countries" or not results.choice.is_limited else f"?{urlencode(results.choice.values)}"
    return TableLinks(csv=address(form="csv") + query, xlsx=address(form="xlsx") + query)
