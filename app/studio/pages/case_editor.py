"""View models of the case editor: the form, the problems of the text by line, and the map of nodes and options."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _, ngettext, pgettext

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.scenarios import Node, Scenario
from app.i18n.languages import current, direction
from app.scenarios import labels as scenario_labels
from app.studio.domain.case_map import CaseMap, NodeKind, case_map, mirrored, node_kind
from app.studio.domain.case_texts import CheckedCase, can_be_played, check_case
from app.studio.domain.merge import MergeConflict
from app.studio.forms.files import FileTextForm
from app.studio.pages.editor_parts import ConflictLines, TextProblem, conflict_lines, text_problem
from app.studio.pages.header import CourseHeader, header
from app.studio.queries import checked
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedCase:
    """A case as the editor shows it: its name in addresses, its path, its text, and the digest of the saved file."""

    address: str
    path: str
    language: str
    text: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionLine:
    """An option in the list of nodes; `is_missing`: it leads to a node that does not exist."""

    number: int
    target: str
    rating: str
    kind: str
    is_missing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeLine:
    """A node in the list below the map."""

    id: str
    kind: str
    line: int
    is_start: bool
    is_reachable: bool
    options: Sequence[OptionLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePreview(Page):
    """Problems and map of a text, saved or not; `map` is None as long as title and keys cannot be read."""

    template: ClassVar[str] = "studio/case_preview.html"
    problems: Sequence[TextProblem]
    facts: str
    map: CaseMap | None = None
    map_title: str = ""
    nodes: Sequence[NodeLine] = ()
    play_url: str = ""
    print_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEditorPage(Page):
    """The editor of a case. `conflicts` are what another user changed at the same lines."""

    template: ClassVar[str] = "studio/case.html"
    head: CourseHeader
    title: str
    lang: str
    dir: str
    form: FileTextForm
    preview: CasePreview
    conflicts: Sequence[ConflictLines]
    others: Sequence[str]
    can_write: bool
    has_help: bool
    save_url: str
    autosave_url: str
    preview_url: str
    list_url: str


def page(
    actor: Actor,
    workspace: Workspace,
    case: EditedCase,
    form: FileTextForm,
    *,
    conflicts: Sequence[MergeConflict] = (),
    others: Sequence[str] = (),
) -> CaseEditorPage:
    """Return the editor of a case."""
    course, address = workspace.slug, case.address
    case_check = check_case(case.path, case.text)
    return CaseEditorPage(
        head=header(workspace, checked.folder(workspace), "studio.show_cases"),
        title=case_check.scenario.title if case_check.scenario else address,
        lang=case.language,
        dir=direction(case.language),
        form=form,
        preview=_preview(workspace, case, case_check),
        conflicts=conflict_lines(conflicts),
        others=others,
        can_write=allows(actor, Action.WRITE_COURSE, workspace),
        has_help=allows(actor, Action.CREATE_COURSE),
        save_url=url_for("studio.save_case", course=course, case=address),
        autosave_url=url_for("studio.autosave_case", course=course, case=address),
        preview_url=url_for("studio.render_case", course=course, case=address),
        list_url=url_for("studio.show_cases", course=course),
    )


def preview(workspace: Workspace, case: EditedCase) -> CasePreview:
    """Return the problems and the map of a text, saved or not."""
    return _preview(workspace, case, check_case(case.path, case.text))


def _preview(workspace: Workspace, case: EditedCase, case_check: CheckedCase) -> CasePreview:
    problems = [text_problem(problem) for problem in case_check.problems]
    scenario = case_check.scenario
    facts = _facts(scenario, len(problems))
    if scenario is None or not scenario.nodes:
        return CasePreview(problems=problems, facts=facts)
    is_playable = can_be_played(scenario)
    return CasePreview(
        problems=problems,
        facts=facts,
        map=_map(scenario),
        map_title=_("Map of the case: %(title)s", title=scenario.title),
        nodes=_nodes(scenario),
        play_url=_url("studio.play_case", workspace, case) if is_playable else "",
        print_url=_url("studio.print_case", workspace, case) if is_playable else "",
    )


def _url(endpoint: str, workspace: Workspace, case: EditedCase) -> str:
    return url_for(endpoint, course=workspace.slug, case=case.address)


def _map(scenario: Scenario) -> CaseMap:
    drawn = case_map(scenario)
    return mirrored(drawn) if direction(current()) == "rtl" else drawn


def _facts(scenario: Scenario | None, problems: int) -> str:
    nodes = scenario.nodes if scenario else ()
    return ". ".join(
        [
            ngettext("%(num)s node", "%(num)s nodes", len(nodes)),
            ngettext("%(num)s option", "%(num)s options", sum(len(node.moves) for node in nodes)),
            ngettext("%(num)s problem", "%(num)s problems", problems),
        ]
    )


def _nodes(scenario: Scenario) -> list[NodeLine]:
    reachable = {node.id for node in case_map(scenario).nodes if node.is_reachable}
    ids = {node.id for node in scenario.nodes}
    return [
        NodeLine(
            id=node.id,
            kind=_kinds()[node_kind(node)],
            line=node.line,
            is_start=node.id == scenario.start,
            is_reachable=node.id in reachable,
            options=_options(node, ids),
        )
        for node in scenario.nodes
    ]


def _options(node: Node, ids: set[str]) -> list[OptionLine]:
    options = []
    for number, move in enumerate(node.moves, 1):
        rating, kind = scenario_labels.verdict(move.verdict)
        options.append(
            OptionLine(number=number, target=move.to, rating=rating, kind=kind, is_missing=move.to not in ids)
        )
    return options


def _kinds() -> Mapping[NodeKind, str]:
    return {
        NodeKind.DECISION: _("Decision"),
        NodeKind.RECOVERY: _("Recovery"),
        NodeKind.END: pgettext("case", "End"),
    }
