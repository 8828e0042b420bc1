"""Warn of item and case texts that render slowly: many brackets in a row, very long paragraphs."""

from app.catalogue.domain.problems import Problem
from app.catalogue.domain.source_lines import Report

BRACKETS = 200
PARAGRAPH = 8000


def check_dense(text: str, file: str) -> list[Problem]:
    """Warn of more than 200 `[` in a row and of paragraphs over 8,000 characters, each with its line."""
    report = Report(file)
    signs = 0
    for number, line in enumerate(text.split("\n"), 1):
        if "[" * (BRACKETS + 1) in line:
            report.warn(number, "There are more than %(most)s [ in a row.", "Remove them.", most=BRACKETS)
        before, signs = signs, signs + len(line) + 1 if line.strip() else 0
        if before <= PARAGRAPH < signs:
            message, hint = "This paragraph has more than %(most)s characters.", "Divide it with a blank line."
            report.warn(number, message, hint, most=PARAGRAPH)
    return report.problems


def find_dense(text: str, line: int, report: Report) -> None:
    """Add each warning of `check_dense` once, at the given line of the file that contains the text."""
    for problem in {problem.message: problem for problem in check_dense(text, report.file)}.values():
        report.warn(line, problem.message, problem.hint, **problem.values)
