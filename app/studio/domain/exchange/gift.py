"""Read questions in GIFT format, a text format of Moodle."""

import re
from functools import partial
from itertools import islice

from app.catalogue.domain.items import Gap, Gaps, ItemKind
from app.studio.domain.exchange.drafts import ImportCollector, QuestionDraft, too_many_questions
from app.studio.domain.exchange.gap_parts import (
    gaps_of_parts,
    placeholder,
    split_joined_stem,
    split_placeholders,
)
from app.studio.domain.exchange.gift_answers import GiftAnswer, cut_answers, read_gift_answers
from app.studio.domain.exchange.gift_cut import GiftQuestion, cut_questions
from app.studio.domain.exchange.gift_texts import GiftTexts
from app.studio.domain.exchange.item_tags import ItemTags
from app.studio.domain.exchange.plain_files import decode_file
from app.studio.domain.exchange.plain_text import safe_stem
from app.studio.domain.exchange.shapes import (
    MAX_QUESTIONS,
    MAX_TEXT_LENGTH,
    ExchangeTexts,
    ImportOptions,
    ImportResult,
    QuestionRefusedError,
)

_NOT_IN_GAP = re.compile(r"->|[#*]")


def read_gift(content: bytes, options: ImportOptions) -> ImportResult:
    """Return the items of a GIFT file with notes, and the questions that cannot become items with reasons."""
    text = decode_file(content)
    if isinstance(text, ImportResult):
        return text
    questions = list(islice(cut_questions(text), MAX_QUESTIONS + 1))
    if len(questions) > MAX_QUESTIONS:
        return too_many_questions()
    collector = ImportCollector(options)
    for question in questions:
        draft = QuestionDraft(question.line, question.name, "gift", tags=ItemTags(question.tags))
        collector.read(draft, partial(_complete, question=question, course_texts=options.texts))
    return collector.result()


def _complete(draft: QuestionDraft, question: GiftQuestion, course_texts: ExchangeTexts) -> None:
    body = _checked_answer(draft, question)
    texts = GiftTexts(question.text_format, draft.tags.is_own_export, draft.notes, course_texts)
    has_gap = bool(question.after.strip())
    if draft.tags.value("kind") == ItemKind.GAPS or (has_gap and _is_simple_gap(body)):
        _read_gap(draft, question, texts)
        return
    read_gift_answers(draft, body, texts)
    stem = texts.block(_with_placeholder(question) if has_gap else question.before.strip())
    parts, _ = split_placeholders(stem)
    draft.stem = parts[0] if not has_gap else course_texts.blank.join(parts)
    if not texts.is_own:
        draft.stem = safe_stem(draft.stem)


def _checked_answer(draft: QuestionDraft, question: GiftQuestion) -> str:
    """Return the text in the braces; raise QuestionRefusedError if the question has none or several."""
    if question.answer is None:
        draft.file_kind = "description"
        raise QuestionRefusedError("The text has no answers.", "Add answers in braces, or move it to a lesson.")
    if not question.closed:
        hint = "Close the answers with }, and leave no empty line before it."
        raise QuestionRefusedError("The brace before the answers is not closed.", hint)
    if "{" in question.after or "}" in question.after or "{" in question.answer:
        hint = "Write one pair of braces a question. Write other braces as \\{ and \\}."
        raise QuestionRefusedError("The question has more than one pair of braces.", hint)
    if len(question.before) + len(question.answer) + len(question.after) > MAX_TEXT_LENGTH:
        hint = "Shorten it."
        raise QuestionRefusedError(
            "The question is longer than %(most)s characters.", hint, most=f"{MAX_TEXT_LENGTH:,}"
        )
    return question.answer


def _with_placeholder(question: GiftQuestion) -> str:
    return f"{question.before}{placeholder(0)}{question.after}".strip()


def _is_simple_gap(body: str) -> bool:
    """Return whether all answers of a missing word are plainly right or wrong, without feedback."""
    if not body.startswith(("=", "~")) or _NOT_IN_GAP.search(body):
        return False
    answers = cut_answers(body)
    has_right = any(answer.sign == "=" for answer in answers)
    return has_right and all(answer.weight is None and answer.text for answer in answers)


def _read_gap(draft: QuestionDraft, question: GiftQuestion, texts: GiftTexts) -> None:
    draft.file_kind, draft.kind = "missing word", ItemKind.GAPS
    text = texts.block(_with_placeholder(question))
    draft.stem, with_gap = split_joined_stem(text) if texts.is_own else ("", text)
    parts, _ = split_placeholders(with_gap)
    body, _, general = (question.answer or "").partition("####")
    draft.general = texts.block(general.strip())
    if len(parts) != 2:
        raise QuestionRefusedError("The text around the missing word cannot be read.", "Simplify the text.")
    gap = _gap(cut_answers(body), texts)
    draft.answers = Gaps(tuple(parts), (gap,)) if texts.is_own else gaps_of_parts(parts, [gap])


def _gap(answers: list[GiftAnswer], texts: GiftTexts) -> Gap:
    accepted = [texts.plain(answer.text) for answer in answers if answer.fraction == 100]
    if all(answer.sign == "=" for answer in answers):
        return Gap("typed", tuple(text.replace("\\*", "*") for text in accepted))
    return Gap("chosen", tuple(accepted), tuple(texts.plain(answer.text) for answer in answers))
