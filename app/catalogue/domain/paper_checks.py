"""Check the papers and desk tasks of `course.toml`: their items and documents, and the balance of a test."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from app.access.policy import Sensitivity
from app.catalogue.domain.courses import CourseFacts, DeskTask, Paper
from app.catalogue.domain.document_uses import PRODUCED
from app.catalogue.domain.documents import DocumentForm
from app.catalogue.domain.items import Item, ItemForm, ItemKind, Needs, Stance
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.source_lines import Report
from app.catalogue.domain.toml_lines import Path, TomlLines

LEAST_KINDS = 3
LEAST_B_PAPERS = 3  # of a family
MOST_READ = 0.4  # of a paper: items that a careful reader answers without the course
MOST_SINGLE = 1 / 3  # of the items of form B
LEAST_FIRM = 1 / 3  # of the items with a stance

_LINES = frozenset({ItemKind.MARK, ItemKind.PAIR})
_TASK_KINDS = frozenset({ItemKind.OPEN, ItemKind.FIELDS, ItemKind.MARK})
_LEVELS = list(Sensitivity)  # from open to closed


def check_papers(folder: CourseFolder, toml: str, file: str) -> list[Problem]:
    """Return the problems of papers and desk tasks; `toml` is the text of `course.toml`, `file` its path."""
    report = Report(file)
    lines = TomlLines(toml)
    bank = folder.banks.get(folder.course.source_language)
    items = {item.id: item for item in bank.items} if bank else {}
    _check_sensitivity(folder, lines, report)
    for index, paper in enumerate(folder.course.papers):
        paper_items = _known_items(paper.items, items, ("paper", index), lines, report)
        _check_paper_items(paper, paper_items, lines.of(("paper", index)), report)
        _check_documents(paper, folder, lines.of(("paper", index, "documents")), report)
        _check_balance(paper, paper_items, lines.of(("paper", index)), report)
    for index, task in enumerate(folder.course.desk_tasks):
        paper_items = _known_items(task.items, items, ("desk_task", index), lines, report)
        _check_task(task, paper_items, folder, lines.of(("desk_task", index)), report)
    _check_families(folder.course, lines, report)
    if folder.course.papers:
        _check_number(folder.course, lines, report)
        _check_bank(list(items.values()), lines, report)
    return report.sorted()


def _known_items(
    names: Collection[str], items: Mapping[str, Item], path: Path, lines: TomlLines, report: Report
) -> list[Item]:
    for name in names:
        if name not in items:
            line = lines.of((*path, "items"))
            report.error(line, "The bank has no item %(id)s.", "Add it there, or correct the id.", id=name)
    return [items[name] for name in names if name in items]


def _check_sensitivity(folder: CourseFolder, lines: TomlLines, report: Report) -> None:
    own = _LEVELS.index(folder.course.sensitivity)
    for name, document in folder.documents.items():
        if _LEVELS.index(document.facts.sensitivity) > own:
            message = "The document %(document)s is %(level)s, above the course."
            hint = "Raise the sensitivity of the course, or leave the document out."
            level = str(document.facts.sensitivity)
            report.error(lines.of(("sensitivity",)), message, hint, document=name, level=level)


def _check_paper_items(paper: Paper, items: Sequence[Item], line: int, report: Report) -> None:
    for item in items:
        if item.form is not paper.form:
            message = "The item %(id)s has another form than the paper %(paper)s."
            report.error(line, message, "Give both the same form.", id=item.id, paper=paper.id)
        for name in item.document:
            if name not in paper.documents:
                message = "The item %(id)s works on %(document)s, which the paper %(paper)s does not have."
                report.error(line, message, "Add it to the documents.", id=item.id, document=name, paper=paper.id)


def _check_documents(paper: Paper, folder: CourseFolder, line: int, report: Report) -> None:
    fitting = {str(paper.form), str(DocumentForm.NONE)}
    for name in paper.documents:
        document = folder.documents.get(name)
        if document is None:
            message, hint = "The course has no document %(document)s.", "Add it, or correct the id."
            report.error(line, message, hint, document=name)
        elif str(document.facts.form) not in fitting:
            message = "The document %(document)s has another form than the paper %(paper)s."
            report.warn(line, message, "Use one of the same form, or of form none.", document=name, paper=paper.id)


def _check_balance(paper: Paper, items: Sequence[Item], line: int, report: Report) -> None:
    if not items:
        return
    _check_kinds(paper, {item.kind for item in items}, line, report)
    read = sum(item.needs in (Needs.GIVEN, Needs.READING) for item in items)
    if read > MOST_READ * len(items):
        message = "In the paper %(paper)s, %(count)s of %(all)s items need no knowledge of the course."
        hint = "Ask for something that was taught."
        report.warn(line, message, hint, paper=paper.id, count=read, all=len(items))


def _check_kinds(paper: Paper, kinds: set[ItemKind], line: int, report: Report) -> None:
    if not kinds & PRODUCED:
        message = "The paper %(paper)s asks for no answer in own words or numbers."
        report.warn(line, message, "Add an item of the kinds number, short, fields or open.", paper=paper.id)
    if not kinds & _LINES:
        message = "The paper %(paper)s asks to mark no line."
        report.warn(line, message, "Add an item of the kinds mark or pair.", paper=paper.id)
    if len(kinds) < LEAST_KINDS:
        message, hint = "The paper %(paper)s has fewer than %(least)s kinds of items.", "Ask in another way."
        report.warn(line, message, hint, paper=paper.id, least=LEAST_KINDS)


def _check_task(task: DeskTask, items: Sequence[Item], folder: CourseFolder, line: int, report: Report) -> None:
    for item in items:
        _check_task_item(item, line, report)
    for name in task.documents:
        document = folder.documents.get(name)
        if document is None:
            message, hint = "The course has no document %(document)s.", "Add it, or correct the id."
            report.error(line, message, hint, document=name)
        elif document.facts.form not in (DocumentForm.RESERVE, DocumentForm.NONE):
            message = "The document %(document)s of a desk task is not of form reserve."
            report.error(line, message, "Use one that is shown nowhere else.", document=name)


def _check_task_item(item: Item, line: int, report: Report) -> None:
    if item.form is not ItemForm.RESERVE:
        message = "The item %(id)s of a desk task is not of form reserve."
        report.error(line, message, "Give it the form reserve.", id=item.id)
    if item.kind not in _TASK_KINDS:
        message = "The item %(id)s of a desk task is of the kind %(kind)s."
        report.error(line, message, "Use the kinds open, fields or mark.", id=item.id, kind=str(item.kind))
    if item.kind is ItemKind.OPEN and not (item.good and item.weak):
        message = "The open item %(id)s of a desk task has no good or no weak answer."
        hint = 'Add "/// good" and "/// weak" with reasons: markers compare with them.'
        report.error(line, message, hint, id=item.id)


def _check_families(course: CourseFacts, lines: TomlLines, report: Report) -> None:
    papers: dict[str, list[int]] = defaultdict(list)
    for index, paper in enumerate(course.papers):
        if paper.form is ItemForm.B:
            papers[paper.family].append(index)
    for family, places in papers.items():
        if len(places) < LEAST_B_PAPERS:
            message = 'The family "%(family)s" has %(count)s papers of form B.'
            line = lines.of(("paper", places[0], "family"))
            hint = "Write at least %(least)s."
            report.warn(line, message, hint, family=family, count=len(places), least=LEAST_B_PAPERS)


def _check_number(course: CourseFacts, lines: TomlLines, report: Report) -> None:
    """Compare the papers of form B with what the test draws, at each attempt."""
    if not course.test or not course.test.papers:
        return
    families = {paper.family for paper in course.papers if paper.form is ItemForm.B}
    line = lines.of(("test", "papers"))
    if len(families) < course.test.papers:
        message = "The test draws %(wanted)s papers, never two of a family; there are %(there)s families of form B."
        hint = "Write papers of other families, or draw fewer."
        report.error(line, message, hint, wanted=course.test.papers, there=len(families))
    available = sum(paper.form is ItemForm.B for paper in course.papers)
    wanted = course.test.papers * max(1, course.test.attempts)
    if available < wanted:
        message = "All attempts together need %(wanted)s papers of form B; there are %(there)s."
        report.warn(line, message, "Write more, or allow fewer attempts.", wanted=wanted, there=available)


def _check_bank(items: Sequence[Item], lines: TomlLines, report: Report) -> None:
    line = lines.of(("test",))
    tested = [item for item in items if item.form is ItemForm.B]
    single = sum(item.kind is ItemKind.SINGLE for item in tested)
    if single > MOST_SINGLE * len(tested):
        message = "%(count)s of %(all)s items of form B are of the kind single."
        report.warn(line, message, "Ask at most a third in this way.", count=single, all=len(tested))
    judged = [item for item in items if item.stance]
    firm = sum(item.stance is Stance.FIRM for item in judged)
    if firm < LEAST_FIRM * len(judged):
        message = "A firm act is right in %(count)s of %(all)s items with a stance."
        report.warn(line, message, "Write items in which it is right.", count=firm, all=len(judged))
