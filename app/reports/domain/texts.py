"""Text fields of reports: their sections and longest texts."""

from collections.abc import Collection
from typing import assert_never

from app.reports.domain.runs import ReportKind

SUMMARY_LIMIT = 1_500  # characters
SECTION_LIMIT = 800
COMMENT_LIMIT = 300
SUMMARY, RISKS, NEXT_STEPS, AIMS, LESSONS = "summary", "risks", "next_steps", "aims", "lessons"
OUTCOME, OUTPUT, COMMENT = "outcome:", "output:", "comment:"
LONG = frozenset({SUMMARY, RISKS, NEXT_STEPS})


def limit_of(section: str) -> int:
    """Return the longest text of a section in characters."""
    if section in LONG:
        return SUMMARY_LIMIT
    return COMMENT_LIMIT if section.startswith(COMMENT) else SECTION_LIMIT


def sections_of(
    kind: ReportKind, outcomes: Collection[str], outputs: Collection[str], indicators: Collection[str]
) -> list[str]:
    """Return the text fields of a kind of report in their order; `indicators` are those of the donor's lines."""
    match kind:
        case ReportKind.QUARTERLY:
            return [SUMMARY, *_prefixed(OUTCOME, outcomes), *_prefixed(OUTPUT, outputs), RISKS]
        case ReportKind.COUNTRY:
            return [NEXT_STEPS]
        case ReportKind.WORKSHOP:
            return [AIMS, LESSONS]
        case ReportKind.DONORS:
            return _prefixed(COMMENT, indicators)
        case _:
            assert_never(kind)


def _prefixed(prefix: str, codes: Collection[str]) -> list[str]:
    return [prefix + code for code in codes]
