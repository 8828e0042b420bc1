"""Read questions in Moodle XML."""

from collections.abc import Callable
from functools import partial
from xml.etree.ElementTree import Element

from app.studio.domain.exchange import moodle_answers, moodle_gaps
from app.studio.domain.exchange.drafts import ImportCollector, QuestionDraft
from app.studio.domain.exchange.item_tags import ItemTags
from app.studio.domain.exchange.moodle_pictures import PictureStore
from app.studio.domain.exchange.moodle_question import MoodleQuestion, text_of
from app.studio.domain.exchange.plain_text import safe_stem
from app.studio.domain.exchange.shapes import ImportOptions, ImportResult, QuestionRefusedError
from app.studio.domain.exchange.xml_questions import questions_of_file

_READERS: dict[str, Callable[[MoodleQuestion], None]] = {
    "multichoice": moodle_answers.read_multichoice,
    "truefalse": moodle_answers.read_true_false,
    "matching": moodle_answers.read_matching,
    "ddmatch": moodle_answers.read_matching,
    "ordering": moodle_answers.read_ordering,
    "numerical": moodle_answers.read_numerical,
    "shortanswer": moodle_answers.read_short_answer,
    "essay": moodle_answers.read_essay,
    "cloze": moodle_gaps.read_cloze,
    "gapselect": moodle_gaps.read_numbered_gaps,
    "ddwtos": moodle_gaps.read_numbered_gaps,
}
_WHOLE_FEEDBACK = frozenset({"correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"})
_WEIGHTS = frozenset({"defaultgrade", "penalty"})
_GAPS = frozenset({"cloze", "gapselect", "ddwtos"})
_READ = frozenset(
    {
        *("name", "questiontext", "generalfeedback", "tags", "hint", "answer", "subquestion", "single", "idnumber"),
        *("shuffleanswers", "usecase", "units", "graderinfo", "selectoption", "dragbox"),
        "shownumcorrect",  # the academy always shows which parts are right
    }
    | _WHOLE_FEEDBACK
)
# Settings without effect on the item when they have this value, as Moodle writes it by default.
_DEFAULTS: dict[str, frozenset[str]] = {
    "penalty": frozenset({"0", "1", "0.1", "0.3333333"}),
    "hidden": frozenset({"0"}),
    "defaultgrade": frozenset({"1"}),
    "answernumbering": frozenset({"abc", "none"}),
    "showstandardinstruction": frozenset({"0", "1"}),
    "unitgradingtype": frozenset({"0"}),
    "unitpenalty": frozenset({"0.1"}),
    "showunits": frozenset({"0", "3"}),
    "unitsleft": frozenset({"0"}),
    "layouttype": frozenset({"VERTICAL", "0"}),
    "selecttype": frozenset({"ALL", "0"}),
    "selectcount": frozenset({"0"}),
    "gradingtype": frozenset({"RELATIVE_NEXT_INCLUDE_LAST", "2"}),
    "showgrading": frozenset({"SHOW", "0", "1"}),
    "numberingstyle": frozenset({"none"}),
    "responseformat": frozenset({"editor", "plain"}),
    "responserequired": frozenset({"1"}),
    "responsefieldlines": frozenset({"5", "10", "15"}),
    "minwordlimit": frozenset({"0"}),
    "maxwordlimit": frozenset({"0"}),
    "attachments": frozenset({"0"}),
    "attachmentsrequired": frozenset({"0"}),
    "maxbytes": frozenset({"0"}),
}


def read_moodle_xml(content: bytes, options: ImportOptions) -> ImportResult:
    """Return the items of a Moodle XML file with notes, and the questions that cannot become items with reasons."""
    elements = questions_of_file(content)
    if isinstance(elements, ImportResult):
        return elements
    collector = ImportCollector(options)
    store = PictureStore()
    category = ""
    number = 0
    for element in elements:
        kind = element.get("type", "")
        if kind == "category":
            category = " ".join(text_of(element.find("category")).split())
            continue
        number += 1
        name = " ".join(text_of(element.find("name")).split())[:200]
        draft = QuestionDraft(number, name, kind or "-", tags=ItemTags(_tags(element, category)))
        question = MoodleQuestion(element, draft, store, options.texts)
        collector.read(draft, partial(_complete, question=question))
    return collector.result()


def _tags(element: Element, category: str) -> list[str]:
    tags = [text_of(tag).strip() for tag in element.findall("tags/tag")]
    id_number = text_of(element.find("idnumber")).strip()
    own_id = [f"idnumber={id_number}"] * bool(id_number)
    return [tag for tag in tags if tag] + own_id + [f"category={category}"] * bool(category)


def _complete(draft: QuestionDraft, question: MoodleQuestion) -> None:
    reader = _READERS.get(draft.file_kind)
    if draft.file_kind == "description":
        raise QuestionRefusedError("A description has no answers.", "Move its text to a lesson.")
    if reader is None:
        hint = "Replace it by another type, then import it again."
        raise QuestionRefusedError("Questions of the type %(kind)s are not supported.", hint, kind=draft.file_kind)
    if draft.file_kind not in _GAPS:
        stem = question.block(question.element.find("questiontext"))
        draft.stem = stem if question.is_own else safe_stem(stem)
    draft.general = question.block(question.element.find("generalfeedback"))
    reader(question)
    _read_hints(question)
    _note_feedback(question)
    _note_settings(question)


def _read_hints(question: MoodleQuestion) -> None:
    elements = question.element.findall("hint")
    hints = [hint for hint in map(question.block, elements) if hint]
    question.draft.hint = "\n\n".join(hints)
    if len(hints) > 1:
        question.draft.notes.warn("The hints were joined to one.", "Check the hint.")
    if any(element.find(name) is not None for element in elements for name in ("clearwrong", "options")):
        question.draft.notes.warn("The options of hints were left out.", "Check the hint.")


def _note_feedback(question: MoodleQuestion) -> None:
    texts = [text_of(question.element.find(name)).strip() for name in sorted(_WHOLE_FEEDBACK)]
    if any(texts):
        message = "The feedback for right, partly right and wrong answers as a whole was left out."
        question.draft.notes.warn(message, "Write feedback for each answer, or general feedback.")


def _note_settings(question: MoodleQuestion) -> None:
    read = _READ | {"defaultgrade"} if question.draft.file_kind == "essay" else _READ
    names = {_setting(element) for element in question.element if element.tag not in read and not _is_default(element)}
    if names:
        message = "These settings of Moodle were left out: %(names)s."
        hint = "Check the item, if they matter."
        question.draft.notes.warn(message, hint, names=", ".join(sorted(names)[:20]))


def _setting(element: Element) -> str:
    """Return the name of a setting, with its value if it is the weight of a question."""
    value = _short_number(text_of(element).strip())[:20]
    return f"{element.tag} ({value})" if element.tag in _WEIGHTS and value else element.tag


def _is_default(element: Element) -> bool:
    value = _short_number(text_of(element).strip())
    return not value or value in _DEFAULTS.get(element.tag, ())


def _short_number(value: str) -> str:
    """Return a number without trailing zeros, so that 1.0000000 is the default 1; another value as it is."""
    return value.rstrip("0").rstrip(".") or "0" if "." in value else value
