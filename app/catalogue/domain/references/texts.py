"""Parse, write and check texts of references in one language: by id, with a title, a body and named parts.

```
## LRE-01
Apply the definition of trafficking

Sorts the facts of a case into act, means and purpose.

- foundation: Names the three elements.
```
"""

import re
from collections.abc import Iterable, Mapping

import msgspec

from app.catalogue.domain.problems import Problem, Weight
from app.catalogue.domain.text import TextFile, in_code
from app.catalogue.domain.translations import Front, cut_front, write_front

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_PART = re.compile(r"- ([a-z][a-z0-9_]*): +(\S.*)")


class Text(msgspec.Struct, frozen=True):
    """One block. `title` is its first line, `body` Markdown, `parts` short texts by name; `line` is its heading's."""

    id: str
    title: str
    body: str = ""
    parts: dict[str, str] = {}
    line: int = 0


class Texts(msgspec.Struct, frozen=True):
    """A file of texts; `front` is the header of a translation, None in the source language."""

    file: str
    blocks: tuple[Text, ...] = ()
    title: str = ""
    intro: str = ""
    front: Front | None = None

    def get(self, name: str) -> Text | None:
        """Return the text of an id, or None."""
        return next((text for text in self.blocks if text.id == name), None)


class Wanted(msgspec.Struct, frozen=True):
    """The required and the optional parts of the text of an id."""

    needed: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()


def read_texts(source: TextFile) -> tuple[Texts, list[Problem]]:
    """Return the texts of a file and its problems; reading goes on at the next heading."""
    front, source, problems = cut_front(source)
    lines = source.lines
    code = in_code(lines)
    heads = [n for n, line in enumerate(lines) if not code[n] and line.startswith("## ")]
    blocks = []
    for head, end in zip(heads, [*heads, len(lines)][1:], strict=True):
        block, new_problems = _block(source.file, head, lines[head:end], code[head:end])
        blocks.append(block)
        problems += new_problems
    problems += _twice(source.file, blocks)
    title, intro = _opening(lines[: heads[0] if heads else len(lines)])
    return Texts(source.file, tuple(blocks), title, intro, front), problems


def read_all_texts(
    sources: Mapping[str, TextFile], wanted: Mapping[str, Wanted], *, source_language: str
) -> tuple[dict[str, Texts], list[Problem]]:
    """Return the texts by language, and the problems of each file and of the comparison with the wanted ids."""
    texts: dict[str, Texts] = {}
    problems: list[Problem] = []
    for language, source in sources.items():
        texts[language], new_problems = read_texts(source)
        problems += new_problems
    return texts, problems + check_texts(texts, wanted, source_language=source_language)


def write_texts(texts: Texts) -> str:
    """Write a file of texts in its one canonical form."""
    pieces = []
    if texts.title:
        pieces.append(f"# {texts.title}\n")
    if texts.intro:
        pieces.append(f"{texts.intro}\n")
    pieces += [_written(block) for block in texts.blocks]
    return (write_front(texts.front) if texts.front else "") + "\n".join(pieces)


def blocks_of_texts(texts: Texts) -> list[str]:
    """Return the text of each block that a translation follows, in order, without ids and names of parts."""
    return ["\n\n".join(piece for piece in (b.title, b.body, *b.parts.values()) if piece) for b in texts.blocks]


def check_texts(
    texts: Mapping[str, Texts], wanted: Mapping[str, Wanted], *, source_language: str = "en"
) -> list[Problem]:
    """Compare the texts of each language with the ids that need one; a gap in a translation is a warning."""
    source = texts.get(source_language)
    problems = []
    for language, file in texts.items():
        weight = Weight.ERROR if language == source_language else Weight.WARNING
        problems += _missing_texts(file, wanted, weight)
        for block in file.blocks:
            model = source.get(block.id) if source and language != source_language else None
            problems += _compared(file.file, block, wanted.get(block.id), model)
    return problems


def _missing_texts(file: Texts, wanted: Iterable[str], weight: Weight) -> list[Problem]:
    known_ids = {block.id for block in file.blocks}
    last = max((block.line for block in file.blocks), default=1)
    message, hint = "%(id)s has no text here.", "Add a heading ## %(id)s and its text."
    missing = [name for name in wanted if name not in known_ids]
    return [Problem(file.file, last, message, hint, {"id": name}, weight) for name in missing]


def _opening(lines: list[str]) -> tuple[str, str]:
    text = "\n".join(lines).strip()
    if not text.startswith("# "):
        return "", text
    title, _, rest = text.partition("\n")
    return title[2:].strip(), rest.strip()


def _block(file: str, head: int, lines: list[str], code: list[bool]) -> tuple[Text, list[Problem]]:
    name = lines[0][3:].strip()
    problems = _heading_problems(file, head + 1, name)
    first = next((n for n, line in enumerate(lines) if n and line.strip()), len(lines))
    at = next((n for n, line in enumerate(lines) if n > 0 and not code[n] and _PART.fullmatch(line)), len(lines))
    title = lines[first].strip() if first < at else ""
    if not title:
        problems.append(
            Problem(file, head + 1, "%(id)s has no text.", "Write its title under the heading.", {"id": name})
        )
    parts, new_problems = _parts(file, head + at, lines[at:])
    return Text(name, title, "\n".join(lines[first + 1 : at]).strip(), parts, head + 1), problems + new_problems


def _heading_problems(file: str, line: int, name: str) -> list[Problem]:
    if _ID.fullmatch(name):
        return []
    hint = "Write letters, digits, dots, dashes and underscores, a letter first."
    return [Problem(file, line, "The heading %(id)s is not an id.", hint, {"id": name})]


def _parts(file: str, start: int, lines: list[str]) -> tuple[dict[str, str], list[Problem]]:
    parts: dict[str, str] = {}
    problems = []
    name = ""
    for number, line in enumerate(lines, start + 1):
        match = _PART.fullmatch(line)
        if match:
            name = match[1]
            if name in parts:
                message = "The part %(part)s is here twice."
                problems.append(Problem(file, number, message, "Remove one of them.", {"part": name}))
            parts[name] = match[2].strip()
        elif line.startswith("  ") and line.strip():
            parts[name] += f"\n{line.strip()}"
        elif line.strip():
            message = "There is text after the parts."
            problems.append(Problem(file, number, message, "Move it above the first part, or indent it by two spaces."))
    return parts, problems


def _twice(file: str, blocks: Iterable[Text]) -> list[Problem]:
    first_lines: dict[str, int] = {}
    problems = []
    for block in blocks:
        if block.id in first_lines:
            message = "%(id)s already has a text, in line %(line)d."
            values: dict[str, str | int | float] = {"id": block.id, "line": first_lines[block.id]}
            problems.append(Problem(file, block.line, message, "Remove one of the two.", values))
        first_lines.setdefault(block.id, block.line)
    return problems


def _compared(file: str, block: Text, wanted: Wanted | None, model: Text | None) -> list[Problem]:
    if wanted is None:
        message = "%(id)s is not an id of the data file."
        return [Problem(file, block.line, message, "Remove the text, or add the id there.", {"id": block.id})]
    return _unknown_parts(file, block, (*wanted.needed, *wanted.allowed)) + _missing_parts(file, block, wanted, model)


def _unknown_parts(file: str, block: Text, known_parts: tuple[str, ...]) -> list[Problem]:
    shown = ", ".join(known_parts) or "-"
    message, hint = "%(id)s has no part named %(part)s.", "Parts it may have: %(known)s."
    return [
        Problem(file, block.line, message, hint, {"id": block.id, "part": part, "known": shown})
        for part in block.parts
        if part not in known_parts
    ]


def _missing_parts(file: str, block: Text, wanted: Wanted, model: Text | None) -> list[Problem]:
    """Compare with the parts of the source text, or with the wanted ones in the source language itself."""
    needed = wanted.needed if model is None else tuple(model.parts)
    weight = Weight.ERROR if model is None else Weight.WARNING
    message, hint = "%(id)s lacks the part %(part)s.", "Add a line - %(part)s: and the text."
    missing = [part for part in needed if part not in block.parts]
    return [Problem(file, block.line, message, hint, {"id": block.id, "part": part}, weight) for part in missing]


def _written(block: Text) -> str:
    parts = "".join(f"- {name}: {text.replace(chr(10), chr(10) + '  ')}\n" for name, text in block.parts.items())
    body = f"\n{block.body}\n" if block.body else ""
    return f"## {block.id}\n{block.title}\n{body}" + (f"\n{parts}" if parts else "")
