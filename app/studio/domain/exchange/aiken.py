"""Read questions in Aiken format: a question, options `A.` or `A)`, and a line `ANSWER: B`."""

import re
from dataclasses import dataclass, field
from functools import partial

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

    @property
    def last_lines(self) -> list[str]:
        """Return the lines to which the next line belongs: of the last option, or of the text."""
        return self.options[-1][1] if self.options else self.stem


def read_aiken(content: bytes, options: ImportOptions) -> ImportResult:
    """Return the items of an Aiken file with notes, and the questions that cannot become items with reasons."""
    text = decode_file(content)
    if isinstance(text, ImportResult):
        return text
    questions = _cut(text)
    if len(questions) > MAX_QUESTIONS:
        return too_many_questions()
    collector = ImportCollector(options)
    for question in questions:
        draft = QuestionDraft(question.line, " ".join(question.stem)[:200], "aiken")
        collector.read(draft, partial(_complete, question=question))
    return collector.result()


class _AikenCutter:
    """Collect the lines of a file into questions."""

    def __init__(self) -> None:
        self.questions: list[_AikenQuestion] = []
        self._question = _AikenQuestion(0)

    def add(self, number: int, line: str) -> None:
        """Add a line that is not empty."""
        answer, option = _ANSWER.fullmatch(line), _OPTION.fullmatch(line)
        if answer:
            self._question.answer = answer[1].strip()
            self.end(_AikenQuestion(0))
        elif option and self._question.stem:
            self._add_option(number, option[1].upper(), option[2] or "")
        else:
            self._question.line = self._question.line or number
            self._question.last_lines.append(line)

    def _add_option(self, number: int, letter: str, text: str) -> None:
        if letter == "A" and self._question.options:
            # The question had no answer: the lines after its last option are the text of the next one.
            stem = self._question.last_lines[1:]
            del self._question.last_lines[1:]
            self.end(_AikenQuestion(number - len(stem), stem))
        self._question.options.append((letter, [text]))

    def end(self, following: _AikenQuestion) -> None:
        """End the question and begin the following one."""
        self.questions.append(self._question)
        self._question = following

    def end_file(self) -> list[_AikenQuestion]:
        """Return all questions, the last one even if it has no answer."""
        return [*self.questions, self._question] if self._question.stem else self.questions


def _cut(text: str) -> list[_AikenQuestion]:
    cutter = _AikenCutter()
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            cutter.add(number, line.strip())
    return cutter.end_file()


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
