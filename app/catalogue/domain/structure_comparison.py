"""Compare a translated lesson or course text with its source: order of blocks, entries, citations, links."""

import re
from collections import Counter

from app.catalogue.domain import link_scanner
from app.catalogue.domain.code_spans import blank_code
from app.catalogue.domain.markdown_blocks import MarkdownBlock, entries
from app.catalogue.domain.problems import Problem, Weight
from app.catalogue.domain.translations import NOT_TRANSLATED, Front, TranslationState, TranslationStatus

_LANGUAGE = re.compile(r"\.[a-z]{2,3}(?:-[A-Za-z]{2,8})?(\.md)(?=$|#)")
# of the blocks desk, worked and audio
_KEY = re.compile(r"^((?:document|items|minutes|media): .*\S)")
_REFERENCE = re.compile(r"^ {0,3}/// *(?:check|country|country-facts) *\| *(\S.*?) *$")


def compare(
    file: str, source: list[MarkdownBlock], translated: list[MarkdownBlock], *, front: Front, status: TranslationStatus
) -> list[Problem]:
    """Return a problem for each block of another structure; a warning if the source has changed meanwhile."""
    source = _translated_blocks(source, translated, front)
    weight = Weight.WARNING if _is_behind(status) else Weight.ERROR
    problems: list[Problem] = []
    for source_block, block in zip(source, translated, strict=False):
        if source_block.kind != block.kind:
            message = "The source has %(here)s at this position, not %(there)s."
            values: dict[str, str | int | float] = {"there": block.kind, "here": source_block.kind}
            hint = "Give the translation the same blocks in the same order."
            return [*problems, Problem(file, block.line, message, hint, values, weight)]
        problems += _compare_block(file, source_block, block, weight)
    if len(source) != len(translated):
        line = translated[-1].line if translated else 1
        message = "The translation has %(there)s blocks, its source has %(here)s."
        counts = {"there": len(translated), "here": len(source)}
        problems.append(Problem(file, line, message, "Give the translation the same blocks.", counts, weight))
    return problems


def _translated_blocks(
    source: list[MarkdownBlock], translated: list[MarkdownBlock], front: Front
) -> list[MarkdownBlock]:
    """Return the source blocks without those that the translation leaves out; they may also remain untranslated."""
    if len(front.follows) == len(source) and len(translated) == len(source) - front.follows.count(NOT_TRANSLATED):
        return [block for block, follows in zip(source, front.follows, strict=True) if follows != NOT_TRANSLATED]
    return source


def _is_behind(status: TranslationStatus) -> bool:
    return status.state is TranslationState.STALE or (
        status.state is TranslationState.DRAFT and bool(status.stale or status.gone)
    )


def _compare_block(file: str, source_block: MarkdownBlock, block: MarkdownBlock, weight: Weight) -> list[Problem]:
    problems = []
    if entries(source_block) != entries(block):
        message = "This block has %(there)s entries; the source has %(here)s."
        hint = "Give it the same entries in the same order."
        values = {"there": entries(block), "here": entries(source_block)}
        problems.append(Problem(file, block.line, message, hint, values, weight))
    wanted, named = references_of(source_block.text), references_of(block.text)
    for name in (wanted - named).elements():
        message = "%(name)s of the source is missing in this block."
        hint = "Add it to the translation of this block."
        problems.append(Problem(file, block.line, message, hint, {"name": name}, weight))
    for name in (named - wanted).elements():
        message = "%(name)s is not in this block of the source."
        hint = "Remove it, or add it to the source first."
        problems.append(Problem(file, block.line, message, hint, {"name": name}, weight))
    return problems


def references_of(text: str) -> Counter[str]:
    """Count the references in a block: citations, glossary terms, links, pictures, questions, countries, facts.

    A translation has the same ones; their order may differ, because word order differs between languages.
    """
    names: list[str] = []
    for line in blank_code(text.split("\n")):
        names += [f"[@{mention.id}]" for mention in link_scanner.citations(line, 0)]
        names += [f"[[{mention.id}]]" for mention in link_scanner.terms(line, 0)]
        names += [f"[[@{mention.id}]]" for mention in link_scanner.documents(line, 0)]
        names += [
            _LANGUAGE.sub(r"\1", mention.id) for mention in link_scanner.links(line, 0) + link_scanner.pictures(line, 0)
        ]
        names += [" ".join(match[1].split()) for match in (_REFERENCE.match(line), _KEY.match(line)) if match]
    return Counter(names)
