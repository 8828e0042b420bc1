"""Rules of misspelt words: trigrams that find candidates, and the number of edits between two words."""

SHORTEST, LONGEST = 4, 40  # letters of a word that is corrected
LONG_WORD = 7  # letters from which two edits are allowed, else one
GRAM = 3
LOST_BY_EDIT = 4  # trigrams that one edit changes at most: two letters that changed places


def can_be_corrected(word: str) -> bool:
    """Return whether a word may be a misspelt one: a word of letters that is not too short."""
    return SHORTEST <= len(word) <= LONGEST and not any(sign.isdigit() for sign in word)


def most_edits(word: str) -> int:
    """Return how many edits of a word are tolerated."""
    return 2 if len(word) >= LONG_WORD else 1


def trigrams(word: str) -> frozenset[str]:
    """Return the trigrams of a word between blanks, so that its first letter counts twice."""
    padded = f"  {word} "
    return frozenset(padded[start : start + GRAM] for start in range(len(padded) - GRAM + 1))


def fewest_shared(word: str) -> int:
    """Return how many trigrams a candidate shares with a word at least."""
    return max(2, len(trigrams(word)) - LOST_BY_EDIT * most_edits(word))


def edits(left: str, right: str) -> int:
    """Return the letters to insert, delete, replace or swap with their neighbour between two words."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for index, letter in enumerate(left, 1):
        before, last, row = row, before, [index]
        for position, other in enumerate(right, 1):
            cost = min(before[position] + 1, row[position - 1] + 1, before[position - 1] + (letter != other))
            if last and position > 1 and left[index - 2] == other and right[position - 2] == letter:
                cost = min(cost, last[position - 2] + 1)
            row.append(cost)
    return row[-1]


def closest(word: str, candidates: dict[str, int], most: int) -> list[str]:
    """Return the candidates within the tolerated edits, the closest first; the values are shared trigrams."""
    ranked = [
        (edits(word, candidate), candidate[0] != word[0], -shared, candidate)
        for candidate, shared in candidates.items()
        if candidate != word
    ]
    return [candidate for count, *_order, candidate in sorted(ranked) if count <= most_edits(word)][:most]
