"""View model of the papers and desk tasks of a course: the lists, the forms, and how the test draws papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.courses import CourseFacts, DeskTask, Paper
from app.catalogue.domain.items import Item
from app.catalogue.domain.library import CourseFolder
from app.competence.labels import competencies as competency_labels
from app.studio.domain.course_edits import COURSE_FILE
from app.studio.domain.paper_edits import entry_digest, next_id
from app.studio.forms.papers import Pairs, PaperForm, RulesForm, TaskForm
from app.studio.labels import documents as labels
from app.studio.pages import question_labels
from app.studio.pages.editor_parts import TextProblem, text_problem
from app.studio.pages.header import CourseHeader, header
from app.studio.queries import checked
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperEntry:
    """A paper or a desk task: `facts` are its use, documents, number of questions and minutes."""

    id: str
    facts: str
    edit_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorLine:
    """A competency with the name of the field for its least rate."""

    index: int
    code: str
    title: str
    percent: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersPage(Page):
    """Papers and tasks. The forms are filled with the entry that is changed, or empty for a new one.

    `items` are the questions on documents: id, kind and documents.
    """

    template: ClassVar[str] = "studio/papers.html"
    head: CourseHeader
    papers: Sequence[PaperEntry]
    tasks: Sequence[PaperEntry]
    problems: Sequence[TextProblem]
    paper: PaperForm
    task: TaskForm
    rules: RulesForm
    floor: Sequence[FloorLine]
    items: Sequence[str]
    message: str
    can_write: bool
    is_collection: bool
    has_documents: bool
    has_rubrics: bool
    paper_url: str
    task_url: str
    rules_url: str
    removal_url: str
    new_url: str
    documents_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperForms:
    """The three forms of the page."""

    paper: PaperForm
    task: TaskForm
    rules: RulesForm


def forms(workspace: Workspace, wanted: str = "") -> PaperForms:
    """Return the forms; the one of the paper or task with the id `wanted` has its values."""
    folder = checked.folder(workspace)
    facts = folder.course
    paper = next((entry for entry in facts.papers if entry.id == wanted), None)
    task = next((entry for entry in facts.desk_tasks if entry.id == wanted), None)
    result = PaperForms(
        paper=PaperForm(None, **_paper_values(facts, paper)),
        task=TaskForm(None, **_task_values(facts, task)),
        rules=RulesForm(None, papers=facts.test.papers if facts.test else 0, floor=_floor_values(facts)),
    )
    offer(folder, result.paper, result.task)
    return result


def replace_on_next_save(workspace: Workspace, form: PaperForm | TaskForm) -> None:
    """Let a form that is shown again replace the entry as another user changed it."""
    facts = checked.folder(workspace).course
    entries: list[Paper | DeskTask] = [*facts.papers, *facts.desk_tasks]
    for entry in entries:
        if entry.id == form.before.data:
            form.opened.data = entry_digest(entry)


def offer(folder: CourseFolder, paper: PaperForm, task: TaskForm) -> None:
    """Set the documents and rubrics that the forms offer; what an entry names already is among them."""
    own = [name for paper_entry in folder.course.papers for name in paper_entry.documents]
    own += [name for task_entry in folder.course.desk_tasks for name in task_entry.documents]
    documents = _documents(folder, own)
    paper.offer(documents)
    task.offer(documents, _rubrics(folder))


def page(actor: Actor, workspace: Workspace, shown: PaperForms, *, message: str = "") -> PapersPage:
    """Return the page; `message` says why an entry was not saved."""
    folder, course = checked.folder(workspace), workspace.slug
    facts = folder.course
    return PapersPage(
        head=header(workspace, folder, "studio.show_papers"),
        papers=[
            _line(course, paper.id, paper, labels.paper_form(paper.form), _("Family: %(name)s", name=paper.family))
            for paper in facts.papers
        ],
        tasks=[_line(course, task.id, task, _competency(task)) for task in facts.desk_tasks],
        problems=[text_problem(problem) for problem in checked.checked(workspace).problems.get(COURSE_FILE, ())],
        paper=shown.paper,
        task=shown.task,
        rules=shown.rules,
        floor=_floor_lines(shown.rules),
        items=_items(folder),
        message=message,
        can_write=allows(actor, Action.WRITE_COURSE, workspace),
        is_collection=facts.collection,
        has_documents=bool(shown.paper.document.pairs),
        has_rubrics=bool(shown.task.rubric.pairs),
        paper_url=url_for("studio.save_paper", course=course),
        task_url=url_for("studio.save_desk_task", course=course),
        rules_url=url_for("studio.save_paper_rules", course=course),
        removal_url=url_for("studio.remove_paper", course=course),
        new_url=url_for("studio.show_papers", course=course),
        documents_url=url_for("studio.show_documents", course=course),
    )


def _paper_values(facts: CourseFacts, paper: Paper | None) -> dict[str, object]:
    if paper is None:
        return {"id": next_id(facts.id, "P", [entry.id for entry in facts.papers]), "before": "", "form": "B"}
    return {"id": paper.id, **_opened(paper), "form": str(paper.form), "family": paper.family, **_shared(paper)}


def _task_values(facts: CourseFacts, task: DeskTask | None) -> dict[str, object]:
    if task is None:
        return {"id": next_id(facts.id, "T", [entry.id for entry in facts.desk_tasks]), "before": ""}
    return {"id": task.id, **_opened(task), "rubric": task.rubric, **_shared(task)}


def _opened(entry: Paper | DeskTask) -> dict[str, object]:
    return {"before": entry.id, "opened": entry_digest(entry)}


def _shared(entry: Paper | DeskTask) -> dict[str, object]:
    names = ("document", "document_2", "document_3")
    documents = dict(zip(names, entry.documents, strict=False))
    return {**documents, "items": " ".join(entry.items), "minutes": entry.minutes}


def _floor_values(facts: CourseFacts) -> list[dict[str, object]]:
    floor = facts.test.floor if facts.test else {}
    codes = dict.fromkeys([*(aim.id for aim in facts.competencies), *floor])
    return [{"code": code, "percent": round(floor[code] * 100, 2) if code in floor else None} for code in codes]


def _floor_lines(rules: RulesForm) -> list[FloorLine]:
    framework = checked.references().competencies
    return [
        FloorLine(
            index=index,
            code=row.form.code.data or "",
            title=competency_labels.title(framework, row.form.code.data or "").text,
            percent="" if row.form.percent.data is None else f"{row.form.percent.data:g}",
            error=next(iter(row.form.percent.errors), ""),
        )
        for index, row in enumerate(rules.floor)
    ]


def _documents(folder: CourseFolder, own: Sequence[str]) -> Pairs:
    texts = folder.source_documents
    pairs = [
        (name, f"{name} {texts[name].title} ({labels.form(document.facts.form)})")
        for name, document in folder.documents.items()
        if name in texts
    ]
    offered = {name for name, _label in pairs}
    return [*pairs, *((name, name) for name in dict.fromkeys(own) if name not in offered)]


def _rubrics(folder: CourseFolder) -> Pairs:
    framework = checked.references().competencies
    rubrics = [rubric.id for rubric in checked.references().rubrics.rubrics]
    names = dict.fromkeys([*rubrics, *(task.rubric for task in folder.course.desk_tasks)])
    return [(name, _rubric(name, competency_labels.title(framework, name.rpartition(".")[0]).text)) for name in names]


def _rubric(name: str, title: str) -> str:
    code, _dot, level = name.rpartition(".")
    return f"{code} {title}, {question_labels.level(level)}"


def _line(course: str, entry_id: str, entry: Paper | DeskTask, *facts: str) -> PaperEntry:
    parts = [*facts, ", ".join(entry.documents)]
    parts.append(ngettext("%(num)s question", "%(num)s questions", len(entry.items)))
    if entry.minutes:
        parts.append(ngettext("%(num)s minute", "%(num)s minutes", entry.minutes))
    return PaperEntry(
        id=entry_id, facts=". ".join(parts), edit_url=url_for("studio.show_papers", course=course, entry=entry_id)
    )


def _competency(task: DeskTask) -> str:
    title = competency_labels.title(checked.references().competencies, task.competency).text
    return f"{task.competency} {title}, {question_labels.level(str(task.level))}"


def _items(folder: CourseFolder) -> list[str]:
    bank = folder.banks.get(folder.course.source_language)
    return [_item(item) for item in (bank.items if bank else ()) if item.document]


def _item(item: Item) -> str:
    return f"{item.id}: {question_labels.kind(str(item.kind))} ({', '.join(item.document)})"
