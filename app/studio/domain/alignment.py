"""Align two sequences of lines, words or blocks: which ranges differ, at a cost that has a limit for any input."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_ROUNDS = 8
_MOST_STEPS = 20_000_000  # of difflib for all ranges of one comparison; its worst case is cubic


class AlignedChange(NamedTuple):
    """The indexes of `before` that the indexes of `after` replace; one of the two ranges may be empty."""

    before: range
    after: range


def changes(before: Sequence[str], after: Sequence[str]) -> list[AlignedChange]:
    """Return the ranges that differ, in order; between two of them is at least one item that is equal in both.

    Ranges that would cost too much to compare item by item are returned whole.
    """
    steps = _MOST_STEPS
    refined: list[AlignedChange] = []
    for change in coarse_changes(before, after):
        cost = _most_steps(change)
        if cost > steps:
            refined.append(change)
        else:
            steps -= cost
            refined += _refine(before, after, change)
    return refined


def equal_items(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs of indexes whose items `changes` matches, in order."""
    pairs: list[tuple[int, int]] = []
    start, after_start = 0, 0
    end = AlignedChange(range(len(before), len(before)), range(len(after), len(after)))
    for change in [*changes(before, after), end]:
        pairs += zip(range(start, change.before.start), range(after_start, change.after.start), strict=True)
        start, after_start = change.before.stop, change.after.stop
    return pairs


def coarse_changes(before: Sequence[str], after: Sequence[str]) -> list[AlignedChange]:
    """Return the ranges that remain after matching equal ends and items that are unique in both: O(n log n)."""
    ranges = _trim_all(before, after, [AlignedChange(range(len(before)), range(len(after)))])
    for _ in range(_ROUNDS):
        parts = [part for change in ranges for part in _split(before, after, change)]
        parts = _trim_all(before, after, parts)
        if parts == ranges:
            break
        ranges = parts
    return ranges


def _trim_all(before: Sequence[str], after: Sequence[str], ranges: list[AlignedChange]) -> list[AlignedChange]:
    trimmed = [_trim(before, after, change) for change in ranges]
    return [change for change in trimmed if change.before or change.after]


def _trim(before: Sequence[str], after: Sequence[str], change: AlignedChange) -> AlignedChange:
    """Return the change without the equal items at its two ends."""
    start, stop = change.before.start, change.before.stop
    after_start, after_stop = change.after.start, change.after.stop
    while start < stop and after_start < after_stop and before[start] == after[after_start]:
        start += 1
        after_start += 1
    while start < stop and after_start < after_stop and before[stop - 1] == after[after_stop - 1]:
        stop -= 1
        after_stop -= 1
    return AlignedChange(range(start, stop), range(after_start, after_stop))


def _split(before: Sequence[str], after: Sequence[str], change: AlignedChange) -> list[AlignedChange]:
    """Return the parts of a change between the items that are unique in both of its ranges."""
    positions = _unique_positions(after, change.after)
    unique = _unique_positions(before, change.before)
    pairs = [(index, positions[item]) for item, index in unique.items() if item in positions]
    parts = []
    start, after_start = change.before.start, change.after.start
    for index, after_index in [*_longest_increasing(pairs), (change.before.stop, change.after.stop)]:
        parts.append(AlignedChange(range(start, index), range(after_start, after_index)))
        start, after_start = index + 1, after_index + 1
    return parts


def _unique_positions(items: Sequence[str], indexes: range) -> dict[str, int]:
    counts = Counter(items[indexes.start : indexes.stop])
    return {items[index]: index for index in indexes if counts[items[index]] == 1}


def _longest_increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest chain of pairs whose second numbers increase; the first numbers already do."""
    lowest: list[int] = []  # for each length of a chain: its lowest possible last number
    last: list[int] = []  # and the index of the pair with that number
    previous: list[int] = []
    for index, (_, number) in enumerate(pairs):
        length = bisect_left(lowest, number)
        previous.append(last[length - 1] if length else -1)
        lowest[length : length + 1] = [number]
        last[length : length + 1] = [index]
    chain = []
    index = last[-1] if last else -1
    while index >= 0:
        chain.append(pairs[index])
        index = previous[index]
    return chain[::-1]


def _most_steps(change: AlignedChange) -> int:
    return len(change.before) * len(change.after) * min(len(change.before), len(change.after))


def _refine(before: Sequence[str], after: Sequence[str], change: AlignedChange) -> list[AlignedChange]:
    start, after_start = change.before.start, change.after.start
    items = before[start : change.before.stop]
    after_items = after[after_start : change.after.stop]
    return [
        AlignedChange(range(start + i, start + j), range(after_start + k, after_start + m))
        for tag, i, j, k, m in SequenceMatcher(None, items, after_items, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
