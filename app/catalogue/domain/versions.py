"""States and kinds of course versions, the transitions between states, and revision numbers of items."""

from collections.abc import Mapping
from enum import StrEnum

from app.kernel.errors import IllegalMoveError


class VersionState(StrEnum):
    DRAFT = "draft"
    CURRENT = "current"
    PAST = "past"
    RETIRED = "retired"


class VersionKind(StrEnum):
    """The kind of a publication; a substantive or breaking one raises the revisions of changed items.

    A retirement is a kind of review only: it ends the current version and publishes nothing.
    """

    EDITORIAL = "editorial"
    SUBSTANTIVE = "substantive"
    BREAKING = "breaking"
    URGENT = "urgent"
    RETIREMENT = "retirement"


class VersionStep(StrEnum):
    PUBLISH = "publish"
    SUPERSEDE = "supersede"
    RETIRE = "retire"


class ReferenceKind(StrEnum):
    COMPETENCIES = "competencies"
    PLAN = "plan"
    SOURCES = "sources"
    GLOSSARY = "glossary"
    RUBRICS = "rubrics"
    TREATIES = "treaties"
    COUNTRIES = "countries"


IN_FORCE = (VersionState.CURRENT, VersionState.RETIRED)  # a course has at most one such version
# a version that ends records needs a day, which authors choose in the studio; a retirement needs a second person
BY_CONSOLE = (VersionKind.EDITORIAL, VersionKind.SUBSTANTIVE, VersionKind.URGENT)
RAISES_REVISIONS = frozenset({VersionKind.SUBSTANTIVE, VersionKind.BREAKING})
MOVES: Mapping[tuple[VersionState, VersionStep], VersionState] = {
    (VersionState.DRAFT, VersionStep.PUBLISH): VersionState.CURRENT,
    (VersionState.CURRENT, VersionStep.SUPERSEDE): VersionState.PAST,
    (VersionState.CURRENT, VersionStep.RETIRE): VersionState.RETIRED,
    (VersionState.RETIRED, VersionStep.SUPERSEDE): VersionState.PAST,
}


def state_after(state: VersionState, step: VersionStep) -> VersionState:
    """Return the state after a step; raise IllegalMoveError for a step that is not allowed."""
    try:
        return MOVES[state, step]
    except KeyError:
        raise IllegalMoveError(f"A version that is {state} cannot {step}.") from None


def revision(before: int | None, *, changed: bool, kind: VersionKind) -> int:
    """Return an item's revision in a new version: one more when a substantive or breaking publish changed it."""
    if before is None:
        return 1
    return before + 1 if changed and kind in RAISES_REVISIONS else before
