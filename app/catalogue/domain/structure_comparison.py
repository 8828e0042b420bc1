"""Comparing how a translation is built with how its source is: blocks, lists, tables, and what each block names."""

import re
from collections import Counter

from app.catalogue.domain import link_scanner
from app.catalogue.domain.code_spans import blank_code
from app.catalogue.domain.markdown_blocks import Block, entries
from app.catalogue.domain.problems import Problem, Weight
from app.catalogue.domain.translations import NOT_TRANSLATED, Front, State, TranslationStatus

_LANGUAGE = re.compile(r"\.[a-z]{2,3}(?:-[A-Za-z]{2,8})?(\.md)(?=$|#)")
_REFERENCE = re.compile(r"^ {0,3}/// *(?:check|country) *\| *(\S+)")


def compare(
    file: str, source: list[Block], translated: list[Block], *, front: Front, standing: TranslationStatus
) -> list[Problem]:
    """Return a mistake for each block that is built otherwise; only warnings where the source has changed meanwhile."""
    if len(front.follows) == len(source) and len(translated) == len(source) - front.follows.count(NOT_TRANSLATED):
        # What is not translated may be left out, or stand in the words of the source.
        source = [one for one, follows in zip(source, front.follows, strict=True) if follows != NOT_TRANSLATED]
    behind = standing.state is State.STALE or (standing.state is State.DRAFT and bool(standing.stale or standing.gone))
    weight = Weight.WARNING if behind else Weight.ERROR
    mistakes: list[Problem] = []
    for here, there in zip(source, translated, strict=False):
        if here.kind != there.kind:
            message = "Here stands %(there)s; the source has %(here)s."
            values: dict[str, str | int | float] = {"there": there.kind, "here": here.kind}
            hint = "Give the translation the same blocks in the same order."
            return [*mistakes, Problem(file, there.line, message, hint, values, weight)]
        mistakes += _compare_block(file, here, there, weight)
    if len(source) != len(translated):
        line = translated[-1].line if translated else 1
        message = "The translation has %(there)s blocks, its source has %(here)s."
        counts = {"there": len(translated), "here": len(source)}
        mistakes.append(Problem(file, line, message, "Give the translation the same blocks.", counts, weight))
    return mistakes


def _compare_block(file: str, here: Block, there: Block, weight: Weight) -> list[Problem]:
    mistakes = []
    if entries(here) != entries(there):
        message = "This block has %(there)s entries; the source has %(here)s."
        values = {"there": entries(there), "here": entries(here)}
        mistakes.append(
            Problem(file, there.line, message, "Give it the same entries in the same order.", values, weight)
        )
    wanted, found = _named(here), _named(there)
    for name in (wanted - found).elements():
        message, hint = (
            "%(name)s of the source is missing in this block.",
            "Add it where the translation says the same.",
        )
        mistakes.append(Problem(file, there.line, message, hint, {"name": name}, weight))
    for name in (found - wanted).elements():
        message, hint = (
            "%(name)s does not stand in this block of the source.",
            "Remove it, or add it to the source first.",
        )
        mistakes.append(Problem(file, there.line, message, hint, {"name": name}, weight))
    return mistakes


def _named(block: Block) -> Counter[str]:
    """Count what a block names; the order may differ, because sentences are built otherwise in each language."""
    names: list[str] = []
    for line in blank_code(block.text.split("\n")):
        names += [f"[@{one.id}]" for one in link_scanner.citations(line, 0)]
        names += [f"[[{one.id}]]" for one in link_scanner.terms(line, 0)]
        names += [_LANGUAGE.sub(r"\1", one.id) for one in link_scanner.links(line, 0) + link_scanner.pictures(line, 0)]
        if reference := _REFERENCE.match(line):
            names.append(reference[1])
    return Counter(names)
