"""View models of a draft case that its author plays; nothing of it is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import msgspec
from flask import url_for
from flask_babel import gettext as _

from app.catalogue.domain.scenarios import Scenario
from app.catalogue.service import text_rendering
from app.catalogue.shapes import CaseText
from app.i18n.languages import direction
from app.markup.errors import MarkupError
from app.scenarios import domain, labels
from app.scenarios.domain import Path
from app.scenarios.labels import CaseOutcome, MoveChoice, StepReview, UnvisitedNode
from app.studio.domain.case_texts import can_be_played, check_case
from app.studio.pages.case_editor import EditedCase
from app.studio.pages.editor_parts import TextProblem, text_problem
from app.studio.pages.header import CourseHeader, header
from app.studio.queries import checked
from app.studio.queries.workspaces import Workspace
from app.web.html.trusted_html import trusted
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftHeading:
    """The title of the case in its language."""

    title: str
    lang: str
    dir: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedDecisionPage(Page):
    """One decision of a draft; `moves_so_far` and `number` return with the next choice."""

    template: ClassVar[str] = "studio/played_decision.html"
    head: CourseHeader
    case: DraftHeading
    situation: str
    scene: str
    preceding: str
    moves: Sequence[MoveChoice]
    number: int
    moves_so_far: str
    play_url: str
    edit_url: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedEndPage(Page):
    """The consequences of all decisions, and the score as learners get it."""

    template: ClassVar[str] = "studio/played_end.html"
    head: CourseHeader
    case: DraftHeading
    end: str
    steps: Sequence[StepReview]
    unvisited: Sequence[UnvisitedNode]
    missed: str
    false_alarms: str
    outcome: CaseOutcome
    play_url: str
    edit_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPlayablePage(Page):
    """Why a draft cannot be played: its errors, or `failure`, a text that cannot be shown."""

    template: ClassVar[str] = "studio/not_playable.html"
    head: CourseHeader
    problems: Sequence[TextProblem]
    failure: str
    edit_url: str


def playable(case: EditedCase) -> Scenario | None:
    """Return the case of a draft, or None as long as it cannot be played."""
    scenario = check_case(case.path, case.text).scenario
    return scenario if scenario and can_be_played(scenario) else None


def seed(workspace: Workspace) -> str:
    """Return what the order of the moves on the page depends on: it stays the same while the author plays."""
    return str(workspace.course_id)


def not_playable(workspace: Workspace, case: EditedCase, failure: str = "") -> NotPlayablePage:
    """Return the page of a case that cannot be played."""
    return NotPlayablePage(
        head=_head(workspace),
        problems=[] if failure else [text_problem(problem) for problem in check_case(case.path, case.text).problems],
        failure=failure,
        edit_url=_url("studio.edit_case", workspace, case),
    )


def page(workspace: Workspace, case: EditedCase, scenario: Scenario, path: Path, *, error: str = "") -> Page:
    """Return the decision that is due on a path, or the consequences at its end."""
    is_finished = domain.is_finished(path)
    shown = scenario if is_finished else _shown_parts(scenario, path)
    try:
        texts = text_rendering.case_texts(shown, labels=text_rendering.labels(case.language))
    except MarkupError as failure:
        return not_playable(workspace, case, _(str(failure)))
    text = CaseText(case.address, scenario, texts)
    if is_finished:
        return _end(workspace, case, text, path)
    return _decision(workspace, case, text, path, error)


def _shown_parts(scenario: Scenario, path: Path) -> Scenario:
    """Return the case with the last and the current node only: rendering takes long."""
    last = [path.steps[-1].node] if path.steps and path.steps[-1].node.id != path.at.id else []
    return msgspec.structs.replace(scenario, nodes=(*last, path.at))


def _decision(workspace: Workspace, case: EditedCase, text: CaseText, path: Path, error: str) -> PlayedDecisionPage:
    return PlayedDecisionPage(
        head=_head(workspace),
        case=_heading(case, text.scenario),
        situation=trusted(text.texts.nodes[path.at.id]),
        scene=trusted(text.texts.scene),
        preceding=labels.preceding(text, path),
        moves=labels.choices(text, path, seed(workspace)),
        number=len(path.steps) + 1,
        moves_so_far=moves_text([step.move_index for step in path.steps]),
        play_url=_url("studio.play_case", workspace, case),
        edit_url=_url("studio.edit_case", workspace, case),
        error=error,
    )


def _end(workspace: Workspace, case: EditedCase, text: CaseText, path: Path) -> PlayedEndPage:
    count = len(path.steps)
    return PlayedEndPage(
        head=_head(workspace),
        case=_heading(case, text.scenario),
        end=trusted(text.texts.nodes[path.at.id]),
        steps=labels.steps(text, path),
        unvisited=labels.unvisited(text, path),
        missed=labels.of_decisions(domain.missed_victims(path), count),
        false_alarms=labels.of_decisions(domain.false_alarms(path), count),
        outcome=labels.outcome(path),
        play_url=_url("studio.play_case", workspace, case),
        edit_url=_url("studio.edit_case", workspace, case),
    )


def moves_text(choices: Sequence[int]) -> str:
    """Return chosen moves as they are written in the address."""
    return ".".join(str(index) for index in choices)


def _heading(case: EditedCase, scenario: Scenario) -> DraftHeading:
    return DraftHeading(title=scenario.title, lang=case.language, dir=direction(case.language))


def _head(workspace: Workspace) -> CourseHeader:
    return header(workspace, checked.folder(workspace), "studio.show_cases")


def _url(endpoint: str, workspace: Workspace, case: EditedCase) -> str:
    return url_for(endpoint, course=workspace.slug, case=case.address)
