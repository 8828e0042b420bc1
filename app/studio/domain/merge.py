"""Merge two edits of the same text by lines; an overlap is a conflict that lists both sides."""

from dataclasses import dataclass, field

from app.studio.domain.alignment import AlignedChange, changes


@dataclass(frozen=True, slots=True)
class MergeConflict:
    """Lines that both sides changed differently; `line` (from 1) is the first line of `own` in the merged text.

    The three texts have whole lines with their line ends; an empty text means that the side has no line here.
    """

    line: int
    base: str
    own: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged text; at a conflict it has the lines of `own`, and `theirs` is in the conflict alone."""

    text: str
    conflicts: tuple[MergeConflict, ...]


@dataclass(slots=True)
class _Region:
    """A range of base lines that changes of one or both sides replace."""

    start: int
    stop: int
    own: list[AlignedChange] = field(default_factory=list)
    theirs: list[AlignedChange] = field(default_factory=list)
    ends_with_insertion: bool = False


def merge(base: str, own: str, theirs: str) -> Merged:
    """Return the text with the changes of both sides; the texts have LF line ends.

    Two changes overlap if they share a line of `base`, or if they touch and one of them is an insertion: the order of
    the lines would then be a guess.
    """
    base_lines, own_lines, their_lines = _lines(base), _lines(own), _lines(theirs)
    merged: list[str] = []
    conflicts: list[MergeConflict] = []
    at = 0
    for region in _regions(changes(base_lines, own_lines), changes(base_lines, their_lines)):
        merged += base_lines[at : region.start]
        at = region.stop
        own_part = _part(region, region.own, base_lines, own_lines)
        their_part = _part(region, region.theirs, base_lines, their_lines)
        if region.own and region.theirs and own_part != their_part:
            base_part = "".join(base_lines[region.start : region.stop])
            conflicts.append(MergeConflict(len(merged) + 1, base_part, "".join(own_part), "".join(their_part)))
        merged += own_part if region.own else their_part
    merged += base_lines[at:]
    return Merged("".join(merged), tuple(conflicts))


def _lines(text: str) -> list[str]:
    """Return the lines with their line ends; no other character than LF ends a line."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines


def _regions(own: list[AlignedChange], theirs: list[AlignedChange]) -> list[_Region]:
    """Group the changes of both sides into ranges of base lines that do not overlap, in order."""
    regions: list[_Region] = []
    sides = zip([*own, *theirs], [True] * len(own) + [False] * len(theirs), strict=True)
    for change, is_own in sorted(sides, key=lambda side: (side[0].before.start, side[0].before.stop)):
        if not regions or not _overlaps(regions[-1], change):
            regions.append(_Region(change.before.start, change.before.stop))
        region = regions[-1]
        region.stop = max(region.stop, change.before.stop)
        region.ends_with_insertion = not change.before and change.before.start == region.stop
        (region.own if is_own else region.theirs).append(change)
    return regions


def _overlaps(region: _Region, change: AlignedChange) -> bool:
    if change.before.start < region.stop:
        return True
    touches = change.before.start == region.stop
    return touches and (region.ends_with_insertion or not change.before)


def _part(region: _Region, side: list[AlignedChange], base_lines: list[str], lines: list[str]) -> list[str]:
    """Return the lines of one side for a region."""
    if not side:
        return base_lines[region.start : region.stop]
    first, last = side[0], side[-1]
    start = first.after.start - (first.before.start - region.start)
    stop = last.after.stop + (region.stop - last.before.stop)
    return lines[start:stop]
