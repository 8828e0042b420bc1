"""Page models of a case: a decision, the debrief, and the result after the choices were deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.catalogue.domain.retention import MONTHS
from app.catalogue.domain.scenarios import Move, MoveRating
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import CaseText, MoveTexts
from app.i18n.babel import with_pass_mark
from app.i18n.languages import direction
from app.scenarios import domain
from app.scenarios.domain import Path
from app.scenarios.queries import PlaythroughView
from app.web.html.trusted_html import trusted
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHeading:
    """The title of a case in its language, and its course."""

    title: str
    lang: str
    dir: str
    course: str
    course_lang: str
    course_href: str


@dataclass(frozen=True, slots=True)
class MoveChoice:
    """A move to choose; `value` is its position on the page."""

    value: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPage(Page):
    """One decision of a case. `preceding` is the consequence of the last decision, "" before the first."""

    template: ClassVar[str] = "scenarios/node.html"

    case: CaseHeading
    situation: str
    scene: str
    number: int
    nodes: tuple[str, ...]
    position: str
    preceding: str
    moves: tuple[MoveChoice, ...]
    decide_url: str
    error: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DebriefPage(Page):
    """The consequences of all decisions, after the end of a case. `strong`: a strong case, a pause is due."""

    template: ClassVar[str] = "scenarios/debrief.html"

    case: CaseHeading
    end: str
    steps: tuple[StepReview, ...]
    unvisited: tuple[UnvisitedNode, ...]
    missed: str
    false_alarms: str
    outcome: CaseOutcome
    again_url: str
    support_href: str
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResultPage(Page):
    """The result of a case whose choices were deleted. `months` is the age at which they are."""

    template: ClassVar[str] = "scenarios/result.html"

    case: CaseHeading
    finished: datetime
    months: int
    percent: int
    missed: int
    false_alarms: int
    again_url: str


def decision(playthrough: PlaythroughView, *, error: str = "") -> DecisionPage:
    """Return the page of the decision that is due."""
    case = case_text(playthrough)
    path = domain.follow(case.scenario, playthrough.choices)
    number = len(path.steps) + 1
    total = max(_length(case), number)
    return DecisionPage(
        case=_heading(playthrough, case),
        situation=trusted(case.texts.nodes[path.at.id]),
        scene=trusted(case.texts.scene),
        number=number,
        nodes=(*["done"] * (number - 1), "here", *[""] * (total - number)),
        position=_("Decision %(n)s of about %(m)s", n=number, m=total),
        preceding=_preceding(case, path),
        moves=_moves(playthrough, case, path),
        decide_url=url_for("scenarios.choose", playthrough=playthrough.id),
        error=error,
    )


def debrief(playthrough: PlaythroughView) -> DebriefPage:
    """Return the page after the end of a case."""
    case = case_text(playthrough)
    path = domain.follow(case.scenario, playthrough.choices)
    decisions = len(path.steps)
    return DebriefPage(
        case=_heading(playthrough, case),
        end=trusted(case.texts.nodes[path.at.id]),
        steps=tuple(
            StepReview(
                move=_review(case, step.node.id, step.move_index, step.move),
                others=_reviews(case, step.node.id, step.move_index),
            )
            for step in path.steps
        ),
        unvisited=tuple(
            UnvisitedNode(text=trusted(case.texts.nodes[reviewed.node.id]), moves=_reviews(case, reviewed.node.id))
            for reviewed in domain.debrief(case.scenario, path)
            if not reviewed.visited
        ),
        missed=_of_decisions(playthrough.misses, decisions),
        false_alarms=_of_decisions(playthrough.false_alarms, decisions),
        outcome=_outcome(path),
        again_url=_again_url(playthrough),
        support_href=url_for("about.support"),
    )


def result(playthrough: PlaythroughView, finished: datetime) -> CaseResultPage:
    """Return the page of a finished case whose choices were deleted."""
    return CaseResultPage(
        case=_heading(playthrough, case_text(playthrough)),
        finished=finished,
        months=MONTHS,
        percent=round((playthrough.score or 0) * 100),
        missed=playthrough.misses,
        false_alarms=playthrough.false_alarms,
        again_url=_again_url(playthrough),
    )


def case_text(playthrough: PlaythroughView) -> CaseText:
    """Return the case in the language in which it is played."""
    return catalogue.case(playthrough.version_id, playthrough.name, playthrough.language)


def _heading(playthrough: PlaythroughView, case: CaseText) -> CaseHeading:
    outline = catalogue.outline(playthrough.version_id)
    return CaseHeading(
        title=case.scenario.title,
        lang=playthrough.language,
        dir=direction(playthrough.language),
        course=outline.title(playthrough.language),
        course_lang=outline.spoken(playthrough.language),
        course_href=url_for("learning.course", course=outline.slug),
    )


def _length(case: CaseText) -> int:
    """Return the number of decisions on a path without recoveries."""
    return sum(1 for node in case.scenario.nodes if node.moves and not node.recovery)


def _preceding(case: CaseText, path: Path) -> str:
    if not path.steps:
        return ""
    last = path.steps[-1]
    return trusted(case.texts.moves[last.node.id][last.move_index].consequence)


def _moves(playthrough: PlaythroughView, case: CaseText, path: Path) -> tuple[MoveChoice, ...]:
    texts = case.texts.moves[path.at.id]
    order = domain.shuffled_moves(str(playthrough.id), path.at)
    return tuple(MoveChoice(position, trusted(texts[index].text)) for position, index in enumerate(order))


def _review(case: CaseText, node_id: str, move_index: int, move: Move) -> MoveReview:
    texts: MoveTexts = case.texts.moves[node_id][move_index]
    label, kind = _verdicts()[move.verdict]
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


def _of_decisions(count: int, decisions: int) -> str:
    return ngettext("%(n)s of %(num)s decision", "%(n)s of %(num)s decisions", decisions, n=count)


def _outcome(path: Path) -> CaseOutcome:
    most = domain.decisions(path) * domain.FULL
    reached = domain.reached(path)
    points, pass_mark = with_pass_mark(domain.score(path) * most, domain.pass_mark(path) * most, reached=reached)
    return CaseOutcome(
        points=ngettext("%(n)s of %(num)s point", "%(n)s of %(num)s points", most, n=points),
        pass_mark=pass_mark,
        reached=reached,
    )


def _again_url(playthrough: PlaythroughView) -> str:
    slug = catalogue.outline(playthrough.version_id).slug
    return url_for("learning.start_case", course=slug, case=playthrough.name)
