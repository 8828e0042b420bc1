"""View model of the list of cases of a course, with the form of a new one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import ngettext

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.problems import Problem
from app.i18n.languages import direction
from app.studio.domain.case_texts import UNNAMED, case_path
from app.studio.forms.cases import NewCaseForm
from app.studio.pages.header import CourseHeader, header
from app.studio.queries import checked
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A case with the number of its nodes and of its problems."""

    title: str
    href: str
    sub: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseListPage(Page):
    """The cases of a course; `lang` and `dir` are those of their titles."""

    template: ClassVar[str] = "studio/cases.html"
    head: CourseHeader
    cases: Sequence[CaseLine]
    lang: str
    dir: str
    form: NewCaseForm
    can_write: bool
    add_url: str


def page(actor: Actor, workspace: Workspace, form: NewCaseForm) -> CaseListPage:
    """Return the list of the cases of a course."""
    folder, problems = checked.folder(workspace), checked.checked(workspace).problems
    language = folder.course.source_language
    return CaseListPage(
        head=header(workspace, folder, "studio.show_cases"),
        cases=[_line(workspace, folder, name, problems) for name in sorted(folder.scenarios)],
        lang=language,
        dir=direction(language),
        form=form,
        can_write=allows(actor, Action.WRITE_COURSE, workspace),
        add_url=url_for("studio.add_case", course=workspace.slug),
    )


def _line(workspace: Workspace, folder: CourseFolder, name: str, problems: Mapping[str, Sequence[Problem]]) -> CaseLine:
    """Return the line of a case; "" is the name of the case whose file has none."""
    language, address = folder.course.source_language, name or UNNAMED
    count = len(problems.get(case_path(address, language), ()))
    scenario = folder.scenarios[name].get(language)
    parts = [ngettext("%(num)s node", "%(num)s nodes", len(scenario.nodes))] if scenario else []
    if count:
        parts.append(ngettext("%(num)s problem", "%(num)s problems", count))
    return CaseLine(
        title=scenario.title if scenario else address,
        href=url_for("studio.edit_case", course=workspace.slug, case=address),
        sub=". ".join(parts),
    )
