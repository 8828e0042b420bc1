"""The tables of the results of a course as rows of a file."""

from collections.abc import Iterable

from flask_babel import gettext as _, pgettext

from app.studio.pages.result_summary import case_lines, country_lines
from app.studio.pages.results import QuestionResultLine, lesson_lines, question_lines
from app.studio.queries.results import CourseResults
from app.web.table_files import Row


def table(name: str, results: CourseResults) -> tuple[Row, Iterable[Row]]:
    """Return the heads and rows of a table of the page for a file."""
    if name == "lessons":
        heads: Row = (
            _("Lesson"), _("Title"), _("Opened"), pgettext("number", "Finished"), _("Read very fast"),
            _("Stopped here"), _("Median minutes"), _("Stated minutes"), _("Reports of mistakes"),
        )  # fmt: skip
        return heads, [
            (
                line.number, line.title, line.opened, line.finished, line.skimmed, line.stopped, line.minutes,
                line.stated, line.reports,
            )
            for line in lesson_lines(results)
        ]  # fmt: skip
    if name == "cases":
        return _cases(results)
    if name == "countries":
        return (_("Country"), pgettext("number", "Finished"), _("As of")), [
            (line.name, line.finished, results.figures.countries_on) for line in country_lines(results)
        ]
    return _question_heads(), [_question_row(line) for line in question_lines(results)]


def _cases(results: CourseResults) -> tuple[Row, Iterable[Row]]:
    heads = (_("Case"), _("First runs"), _("Missed a sign"), _("Raised a false alarm"))
    return heads, [(line.title, line.runs, line.missed, line.alarmed) for line in case_lines(results)]


def _question_heads() -> Row:
    return (
        _("Question"), _("Text"), _("Asked"), _("First answers"), _("Right"),
        _("Answer right"), _("Line right"), _("Answer right without the line"), _("Agrees with other answers"),
        _("Wrong option chosen most"), _("Never chosen"), _("Median time"),
        _("Learners asked"), _("Flags"),
    )  # fmt: skip


def _question_row(line: QuestionResultLine) -> Row:
    return (
        line.code, line.text, line.asked, line.answers, line.right, *_rates(line), line.separates,
        line.distractor, line.never, line.seconds, line.comments, ", ".join(line.flags),
    )  # fmt: skip


def _rates(line: QuestionResultLine) -> tuple[str, ...]:
    return tuple(rate for _name, rate in line.proofs) or ("", "", "")
