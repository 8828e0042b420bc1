"""Parts of the editors of a lesson and of a case: problems of the text, and lines that two users changed."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from app.catalogue.domain.problems import Problem, Weight
from app.studio import labels
from app.studio.domain.merge import MergeConflict


@dataclass(frozen=True, slots=True, kw_only=True)
class TextProblem:
    """A problem of the text; `line` counts from 1 in the field of the text, 0 for the title."""

    line: int
    location: str
    message: str
    hint: str
    is_error: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictLines:
    """Lines that two users changed: those of the own text, and those that the other user saved."""

    line: int
    own: str
    theirs: str


def text_problem(problem: Problem, *, above: int = 0) -> TextProblem:
    """Return a problem for the page; `above` lines of the file are above the field of the text."""
    message, hint = labels.problem(problem)
    line = max(0, problem.line - above)
    return TextProblem(
        line=line,
        location=_("Line %(line)s", line=line) if line else _("Title"),
        message=message,
        hint=hint,
        is_error=problem.weight is Weight.ERROR,
    )


def conflict_lines(conflicts: Iterable[MergeConflict], *, above: int = 0) -> list[ConflictLines]:
    """Return conflicts for the page, with their lines in the field of the text."""
    return [
        ConflictLines(line=max(1, conflict.line - above), own=conflict.own, theirs=conflict.theirs)
        for conflict in conflicts
    ]
