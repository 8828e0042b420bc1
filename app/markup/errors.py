"""Errors of the renderer: too slow, over a limit, or a misplaced block; `index` is the text's place in the call."""

from enum import StrEnum

from app.kernel.errors import InputError


class RefusalReason(StrEnum):
    """The limit that a text exceeds, or a misplaced block."""

    SIGNS = "signs"
    SIZE = "size"
    BRACKETS = "brackets"
    PARAGRAPH = "paragraph"
    DEPTH = "depth"
    HEAVY = "heavy"
    PLACE = "place"


SENTENCES = {
    RefusalReason.SIGNS: "The text contains control characters. Remove them.",
    RefusalReason.SIZE: "The text is larger than 60 KB. Divide it.",
    RefusalReason.BRACKETS: "The text has more than 200 opening brackets in a row. Remove them.",
    RefusalReason.PARAGRAPH: "A paragraph is longer than 8,000 signs. Divide it.",
    RefusalReason.DEPTH: "Lists or quotes are too deep in each other. Use fewer levels.",
    RefusalReason.HEAVY: "The text becomes too large when it is shown. Divide it.",
    RefusalReason.PLACE: "A check or a country note is inside another block. Move it out.",
}


class MarkupError(InputError):
    """A text cannot be rendered; `index` is its place in the call, from 0."""

    def __init__(self, index: int, message: str) -> None:
        super().__init__(message)
        self.index = index


class MarkupTimeoutError(MarkupError):
    """Rendering the text took longer than the limit."""

    def __init__(self, index: int) -> None:
        super().__init__(index, f"Text {index + 1} takes too long to show. Make it simpler.")


class MarkupBusyError(MarkupError):
    """The process that renders previews was busy with another text for too long."""

    def __init__(self) -> None:
        super().__init__(0, "The preview is busy with another text. Try again in a moment.")


class MarkupRefusedError(MarkupError):
    """The text is over a limit, or a block is misplaced; `line` (from 1) is 0 if it is not known."""

    def __init__(self, index: int, reason: RefusalReason, line: int = 0) -> None:
        super().__init__(index, SENTENCES[reason])
        self.reason = reason
        self.line = line
