"""Read questions in Aiken format: a question, options `A.` or `A)`, and a line `ANSWER: B`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from app.catalogue.domain.items import Choices, ItemKind, Option
from app.studio.domain.exchange.drafts import ImportCollector, QuestionDraft, too_many_questions
from app.studio.domain.exchange.plain_files import decode_file
from app.studio.domain.exchange.plain_text import plain_line, safe_stem
from app.studio.domain.exchange.shapes import MAX_QUESTIONS, ImportOptions, ImportResult, QuestionRefusedError

_OPTION = re.compile(r"([A-Za-z])[.)](?:\s+(.*))?")
_ANSWER = re.compile(r"ANSWER\s*:\s*(.*)", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Za-z](?:\s*,\s*[A-Za-z])*")


@dataclass(slots=True)
class _AikenQuestion:
    """A question as written; each option is its letter with its lines, `answer` is None without an ANSWER line."""

    line: int
    stem: list[str] = field(default_factory=list)
    options: list[tuple[str, list[str]]] = field(default_factory=list)
    answer: str | None = None


def read_aiken(content: bytes, options: ImportOptions) -> ImportResult:
    """Return the items of an Aiken file with notes, and the questions that cannot become items with reasons."""
    text = decode_file(content)
    if isinstance(text, ImportResult):
        return text
    questions = list(islice(_cut(text), MAX_QUESTIONS + 1))
    if len(questions) > MAX_QUESTIONS:
        return too_many_questions()
    collector = ImportCollector(options)
    for question in questions:
        draft = QuestionDraft(question.line, plain_line(" ".join(question.stem))[:80], "aiken")
        collector.read(draft, partial(_complete, question=question))
    return collector.result()


def _cut(text: str) -> Iterator[_AikenQuestion]:
    question = _AikenQuestion(0)
    for number, raw_line in enumerate(text.split("\n"), 1):
        line = raw_line.strip()
        answer, option = _ANSWER.fullmatch(line), _OPTION.fullmatch(line)
        if answer:
            question.answer = answer[1].strip()
            yield question
            question = _AikenQuestion(0)
        elif option and question.stem:
            if option[1].upper() == "A" and question.options:
                question, unanswered = _after_unanswered(question, number), question
                yield unanswered
            question.options.append((option[1].upper(), [option[2] or ""]))
        elif line:
            question.line = question.line or number
            lines = question.options[-1][1] if question.options else question.stem
            lines.append(line)
    if question.stem:
        yield question


def _after_unanswered(question: _AikenQuestion, line: int) -> _AikenQuestion:
    """Return the next question: its text was taken for lines of the last option of a question without answer."""
    first, *stem = question.options[-1][1]
    question.options[-1] = (question.options[-1][0], [first])
    return _AikenQuestion(line - len(stem), stem)


def _complete(draft: QuestionDraft, question: _AikenQuestion) -> None:
    letters = [letter for letter, _ in question.options]
    right = _right_letters(question)
    if not question.stem:
        raise QuestionRefusedError("The question has no text.", "Write it before the options.")
    if len(set(letters)) < len(letters):
        raise QuestionRefusedError("Two options have the same letter.", "Give each option its own letter.")
    unknown = sorted(right - set(letters))
    if unknown:
        hint = "Write ANSWER: and the letter of an option."
        raise QuestionRefusedError("The right answer %(letter)s is not an option.", hint, letter=unknown[0])
    draft.kind = ItemKind.SINGLE if len(right) == 1 else ItemKind.SEVERAL
    draft.stem = safe_stem(plain_line(" ".join(question.stem)))
    draft.answers = Choices(
        tuple(Option(plain_line(" ".join(lines)), float(letter in right)) for letter, lines in question.options)
    )


def _right_letters(question: _AikenQuestion) -> set[str]:
    if question.answer is None:
        raise QuestionRefusedError("The question has no line ANSWER.", "End it with a line such as ANSWER: B.")
    if not _LETTERS.fullmatch(question.answer):
        hint = "Write it as ANSWER: B."
        text = question.answer[:40] or "-"
        raise QuestionRefusedError('The right answer "%(text)s" is not a letter.', hint, text=text)
    return {letter.strip().upper() for letter in question.answer.split(",")}
