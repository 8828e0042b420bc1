"""Texts of a case for pages: its decisions, the verdicts of its moves, the debrief; also used by `studio`."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _, ngettext

from app.catalogue.domain.scenarios import Move, MoveRating
from app.catalogue.shapes import CaseText, MoveTexts
from app.i18n.babel import with_pass_mark
from app.scenarios import domain
from app.scenarios.domain import Path
from app.web.html.trusted_html import trusted


@dataclass(frozen=True, slots=True)
class MoveChoice:
    """A move to choose; `value` is its position on the page."""

    value: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveReview:
    """A move in the debrief, with its verdict and the status kind of the verdict."""

    title: str
    verdict: str
    kind: str
    consequence: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReview:
    """A decision taken, and the moves not taken there."""

    move: MoveReview
    others: tuple[MoveReview, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnvisitedNode:
    """A decision that the person did not reach, with all its moves."""

    text: str
    moves: tuple[MoveReview, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOutcome:
    """The earned points, and the pass mark in points."""

    points: str
    pass_mark: str
    reached: bool


def verdict(rating: MoveRating) -> tuple[str, str]:
    """Return the label of a rating, and its status kind."""
    return _verdicts()[rating]


def preceding(case: CaseText, path: Path) -> str:
    """Return the consequence of the last decision, "" before the first."""
    if not path.steps:
        return ""
    last = path.steps[-1]
    return trusted(case.texts.moves[last.node.id][last.move_index].consequence)


def choices(case: CaseText, path: Path, playthrough_id: str) -> tuple[MoveChoice, ...]:
    """Return the moves of the decision that is due, in the shuffled order of a playthrough."""
    texts = case.texts.moves[path.at.id]
    order = domain.shuffled_moves(playthrough_id, path.at)
    return tuple(MoveChoice(position, trusted(texts[index].text)) for position, index in enumerate(order))


def steps(case: CaseText, path: Path) -> tuple[StepReview, ...]:
    """Return the decisions of a path, with the moves not taken."""
    return tuple(
        StepReview(
            move=_review(case, step.node.id, step.move_index, step.move),
            others=_reviews(case, step.node.id, step.move_index),
        )
        for step in path.steps
    )


def unvisited(case: CaseText, path: Path) -> tuple[UnvisitedNode, ...]:
    """Return the decisions that a finished path did not reach."""
    return tuple(
        UnvisitedNode(text=trusted(case.texts.nodes[reviewed.node.id]), moves=_reviews(case, reviewed.node.id))
        for reviewed in domain.debrief(case.scenario, path)
        if not reviewed.visited
    )


def of_decisions(count: int, decisions: int) -> str:
    """Return a number of decisions out of all decisions as a text."""
    return ngettext("%(n)s of %(num)s decision", "%(n)s of %(num)s decisions", decisions, n=count)


def outcome(path: Path) -> CaseOutcome:
    """Return the points of a path and its pass mark."""
    most = domain.decisions(path) * domain.FULL
    reached = domain.reached(path)
    points, pass_mark = with_pass_mark(domain.score(path) * most, domain.pass_mark(path) * most, reached=reached)
    return CaseOutcome(
        points=ngettext("%(n)s of %(num)s point", "%(n)s of %(num)s points", most, n=points),
        pass_mark=pass_mark,
        reached=reached,
    )


def _review(case: CaseText, node_id: str, move_index: int, move: Move) -> MoveReview:
    texts: MoveTexts = case.texts.moves[node_id][move_index]
    label, kind = verdict(move.verdict)
    return MoveReview(
        title=trusted(texts.text),
        verdict=label,
        kind=kind,
        consequence=trusted(texts.consequence),
        why=trusted(texts.why),
    )


def _reviews(case: CaseText, node_id: str, taken: int | None = None) -> tuple[MoveReview, ...]:
    """Return the moves of a decision but the one that was taken."""
    moves = next(node.moves for node in case.scenario.nodes if node.id == node_id)
    return tuple(_review(case, node_id, index, move) for index, move in enumerate(moves) if index != taken)


def _verdicts() -> Mapping[MoveRating, tuple[str, str]]:
    return {
        MoveRating.BEST: (_("Best choice"), "good"),
        MoveRating.ACCEPTABLE: (_("Acceptable"), "here"),
        MoveRating.POOR: (_("Risky"), "risk"),
        MoveRating.HARMFUL: (_("Harmful"), "bad"),
    }
