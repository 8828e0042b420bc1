"""View model of the choices in a case: how often each was chosen, missed signs and false alarms apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.catalogue.domain.scenarios import ErrorKind, Move, Node
from app.catalogue.shapes import CaseText
from app.quizzes.domain.item_flags import LEAST_SHOWN
from app.scenarios import labels
from app.studio.domain.case_texts import UNNAMED
from app.studio.pages.header import CourseHeader
from app.studio.pages.result_summary import percent
from app.web.html.trusted_html import trusted
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveResult:
    """A move: its rating with a status kind, the percentage that chose it, and the error that it is, "" for none."""

    text: str
    verdict: str
    kind: str
    percentage: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionResult:
    """A decision with its moves; `missing` says how many officers are needed, "" if there are enough."""

    id: str
    text: str
    reached: int
    missing: str
    missed: str
    alarmed: str
    moves: Sequence[MoveResult]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResultsPage(Page):
    """The choices in first runs of a case, decision by decision."""

    template: ClassVar[str] = "studio/case_results.html"
    head: CourseHeader
    title: str
    lang: str
    dir: str
    version: int
    decisions: Sequence[DecisionResult]
    edit_url: str
    back_url: str


def page(
    head: CourseHeader, course: str, case: CaseText, version: int, counts: Mapping[str, Mapping[int, int]]
) -> CaseResultsPage:
    """Return the page of a case of a published version; `counts` are by node and index of the move."""
    nodes = [node for node in case.scenario.nodes if node.moves]
    return CaseResultsPage(
        head=head,
        title=case.scenario.title,
        lang=head.lang,
        dir=head.dir,
        version=version,
        decisions=[_decision(case, node, counts.get(node.id, {})) for node in nodes],
        edit_url=url_for("studio.edit_case", course=course, case=case.name or UNNAMED),
        back_url=url_for("studio.show_results", course=course),
    )


def _decision(case: CaseText, node: Node, counts: Mapping[int, int]) -> DecisionResult:
    reached = sum(counts.values())
    has_numbers = reached >= LEAST_SHOWN
    return DecisionResult(
        id=node.id,
        text=trusted(case.texts.nodes[node.id]),
        reached=reached,
        missing="" if has_numbers else _needed(reached),
        missed=percent(_errors(node, counts, ErrorKind.MISS) / reached) if has_numbers else "",
        alarmed=percent(_errors(node, counts, ErrorKind.FALSE_ALARM) / reached) if has_numbers else "",
        moves=[
            _move(case, node, index, percent(counts.get(index, 0) / reached) if has_numbers else "")
            for index in range(len(node.moves))
        ],
    )


def _errors(node: Node, counts: Mapping[int, int], kind: ErrorKind) -> int:
    return sum(counts.get(index, 0) for index, move in enumerate(node.moves) if move.slip is kind)


def _move(case: CaseText, node: Node, index: int, percentage: str) -> MoveResult:
    move = node.moves[index]
    verdict, kind = labels.verdict(move.verdict)
    text = trusted(case.texts.moves[node.id][index].text)
    return MoveResult(text=text, verdict=verdict, kind=kind, percentage=percentage, error=_error(move))


def _error(move: Move) -> str:
    if move.slip is ErrorKind.MISS:
        return _("Misses a sign")
    return _("False alarm") if move.slip is ErrorKind.FALSE_ALARM else ""


def _needed(n: int) -> str:
    return ngettext(
        "%(least)s officers must reach this decision; %(num)s so far.",
        "%(least)s officers must reach this decision; %(num)s so far.",
        n,
        least=LEAST_SHOWN,
    )
