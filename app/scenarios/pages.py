"""Page models of a case: a decision, the debrief, and the result after the choices were deleted."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.domain.retention import MONTHS
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import CaseText
from app.i18n.languages import direction
from app.scenarios import domain, labels
from app.scenarios.labels import CaseOutcome, MoveChoice, StepReview, UnvisitedNode
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
    total = max(domain.usual_length(case.scenario), number)
    return DecisionPage(
        case=_heading(playthrough, case),
        situation=trusted(case.texts.nodes[path.at.id]),
        scene=trusted(case.texts.scene),
        number=number,
        nodes=(*["done"] * (number - 1), "here", *[""] * (total - number)),
        position=_("Decision %(n)s of about %(m)s", n=number, m=total),
        preceding=labels.preceding(case, path),
        moves=labels.choices(case, path, str(playthrough.id)),
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
        steps=labels.steps(case, path),
        unvisited=labels.unvisited(case, path),
        missed=labels.of_decisions(playthrough.misses, decisions),
        false_alarms=labels.of_decisions(playthrough.false_alarms, decisions),
        outcome=labels.outcome(path),
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


def _again_url(playthrough: PlaythroughView) -> str:
    slug = catalogue.outline(playthrough.version_id).slug
    return url_for("learning.start_case", course=slug, case=playthrough.name)
