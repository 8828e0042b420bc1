"""Check SVG drawings of courses against an allowlist and rewrite them with the academy's colours.

A drawing is 320 units wide, so that its text has the same size on a phone. Colours come from classes only, for light
and dark mode. A drawing cannot run scripts, load resources or link to a page.
"""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from app.catalogue.domain.problems import Problem

WIDTH, HIGHEST = 320, 800
BYTES = 60 * 1024
_NUMBER = r"-?\d{1,4}(?:\.\d{1,3})?"
# a browser reads the digits 0 to 9 alone
_NUMBERS = re.compile(rf"\s*{_NUMBER}(?:[\s,]+{_NUMBER})*\s*", re.ASCII)
_PLACE = re.compile(_NUMBER, re.ASCII)
_SIZED = re.compile(rf"0 0 {WIDTH} (\d{{1,3}})", re.ASCII)
_MOVED = re.compile(rf"(?:(?:translate|rotate|scale)\({_NUMBER}(?:[\s,]+{_NUMBER}){{0,2}}\)\s*)+", re.ASCII)
_PATH = re.compile(r"[\sMmLlHhVvCcSsQqTtAaZz\d.,-]{1,4000}", re.ASCII)
_SHAPES = {
    "line": ("x1", "y1", "x2", "y2"),
    "rect": ("x", "y", "width", "height", "rx", "ry"),
    "circle": ("cx", "cy", "r"),
    "ellipse": ("cx", "cy", "rx", "ry"),
    "path": ("d",),
    "polyline": ("points",),
    "polygon": ("points",),
}
_WORDS = {"text": ("x", "y", "text-anchor", "direction"), "tspan": ("x", "y", "dx", "dy")}
_EVERYWHERE = ("class", "transform")
_ELEMENTS = _SHAPES | _WORDS | {"g": (), "title": (), "desc": ()}
_SPECIAL = {
    "d": _PATH,
    "points": _NUMBERS,
    "transform": _MOVED,
    "text-anchor": re.compile("start|middle|end"),
    "direction": re.compile("rtl|ltr"),
}
CLASSES = frozenset({"line", "thin", "thread", "paper", "soft", "accent", "warn", "dash", "t", "h", "s", "on", "n"})
_LIGHT = {
    "sheet": "#fff",
    "ink": "#1a2427",
    "ink-2": "#4b5659",
    "edge": "#767f80",
    "accent": "#0b5563",
    "accent-soft": "#e0edee",
    "on-accent": "#fff",
    "risk": "#875000",
    "risk-soft": "#faeed6",
}
_DARK = {
    "sheet": "#1b2427",
    "ink": "#eceae5",
    "ink-2": "#b4bdbd",
    "edge": "#87949a",
    "accent": "#84cbd5",
    "accent-soft": "#18363c",
    "on-accent": "#04252b",
    "risk": "#f0c06f",
    "risk-soft": "#362a12",
}
PAINT = {"light": _LIGHT, "dark": _DARK}


def _declared(colours: dict[str, str]) -> str:
    return "svg{" + "".join(f"--{name}:{value};" for name, value in colours.items()) + "}"


STYLE = (
    _declared(_LIGHT)
    + f"@media (prefers-color-scheme:dark){{{_declared(_DARK)}}}"
    + ".line,.thin,.thread{fill:none;stroke-linecap:round;stroke-linejoin:round}"
    ".line{stroke:var(--ink);stroke-width:1.5}.thin{stroke:var(--edge);stroke-width:1}"
    ".thread{stroke:var(--accent);stroke-width:3}.dash{stroke-dasharray:4 4}"
    ".paper{fill:var(--sheet);stroke:var(--edge);stroke-width:1.5}.soft{fill:var(--accent-soft)}"
    ".accent{fill:var(--accent)}.warn{fill:var(--risk-soft);stroke:var(--risk);stroke-width:1}"
    'text{font:14px system-ui,"Segoe UI",Roboto,"Noto Sans","Noto Sans Arabic",sans-serif;fill:var(--ink)}'
    ".h{font-size:15px;font-weight:700}.s{font-size:12px;fill:var(--ink-2)}"
    ".on{font-weight:700;fill:var(--on-accent)}.n{font-size:16px;font-weight:700}"
)
STYLE_HASH = "sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()


@dataclass(slots=True)
class Drawing:
    """A drawing as it is served: SVG in UTF-8, its height in units (the width is 320), and its problems."""

    content: bytes = b""
    height: int = 0
    problems: list[Problem] = field(default_factory=list)


def read_drawing(file: str, content: bytes) -> Drawing:
    """Return a rewritten drawing; its content must not be used if it has problems."""
    if len(content) > BYTES:
        message, hint = "The drawing has %(size)s bytes; the limit is %(limit)s.", "Draw it with fewer shapes."
        return Drawing(problems=[Problem(file, 1, message, hint, {"size": len(content), "limit": BYTES})])
    reader = _Reader(file)
    reader.read(content)
    reader.finish()
    return Drawing("".join(reader.written).encode(), reader.height, reader.problems)


class _Reader:
    def __init__(self, file: str) -> None:
        self.file, self.problems, self.written, self.height = file, list[Problem](), list[str](), 0
        self.open, self.described, self.words = list[str](), set[str](), ""
        self.parser = expat.ParserCreate("UTF-8")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self.refuse_doctype
        self.parser.ProcessingInstructionHandler = self.refuse_instruction

    def read(self, content: bytes) -> None:
        try:
            self.parser.Parse(content, True)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            self.note("This is not well-formed SVG: %(reason)s.", "Correct it there.", reason=reason)
        except _RefusedError:
            pass

    def finish(self) -> None:
        if not self.problems and not self.described >= {"title", "desc"}:
            hint = 'Begin with "<title>" and "<desc>": what it shows, and what is to be seen in it.'
            self.note("The drawing has no title or no description.", hint, line=1)

    def note(self, message: str, hint: str, *, line: int = 0, **values: str | int) -> None:
        self.problems.append(Problem(self.file, line or self.parser.CurrentLineNumber, message, hint, values))

    def refuse_doctype(self, *_declared: object) -> None:
        self.note('A drawing has no "<!DOCTYPE".', "Delete it.")
        raise _RefusedError

    def refuse_instruction(self, *_instruction: object) -> None:
        self.note('A drawing has no "<?" instruction after the first line.', "Delete it.")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.open.append(name)
        if len(self.open) == 1:
            self.begin(name, attributes)
            return
        if name not in _ELEMENTS or len(self.open) > 12:
            hint = "Use one of: %(known)s; at most ten within each other."
            self.note('A drawing cannot contain "%(name)s" here.', hint, name=name, known=", ".join(sorted(_ELEMENTS)))
            return
        self.words = ""
        allowed = [f"{key}={quoteattr(value)}" for key, value in attributes.items() if self.may_stand(name, key, value)]
        self.written.append(f"<{' '.join([name, *allowed])}>")

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        sized = _SIZED.fullmatch(attributes.get("viewBox", ""))
        others = attributes.keys() - {"xmlns", "viewBox", "role", "direction"}
        if name != "svg" or attributes.get("xmlns") != "http://www.w3.org/2000/svg" or others:
            hint = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200">'
            self.note("The first element of the drawing is wrong.", 'Begin the drawing with "%(begin)s".', begin=hint)
        if not sized or not 0 < int(sized[1]) <= HIGHEST:
            hint = 'Write viewBox="0 0 %(width)s n", n at most %(highest)s.'
            self.note("The drawing has the wrong size.", hint, width=WIDTH, highest=HIGHEST)
            return
        self.height = int(sized[1])
        size = f'viewBox="0 0 {WIDTH} {self.height}" width="{WIDTH}" height="{self.height}"'
        self.written.append(f'<svg xmlns="http://www.w3.org/2000/svg" {size}><style>{STYLE}</style>')

    def may_stand(self, name: str, key: str, value: str) -> bool:
        if key not in _ELEMENTS[name] and key not in _EVERYWHERE:
            hint = "Delete it; colours and type come from classes."
            self.note('"%(name)s" does not take "%(key)s".', hint, name=name, key=key)
            return False
        unknown = sorted(set(value.split()) - CLASSES) if key == "class" else []
        if unknown:
            hint = "Use: %(known)s."
            self.note('There is no class "%(name)s".', hint, name=unknown[0], known=", ".join(sorted(CLASSES)))
        elif key != "class" and not _SPECIAL.get(key, _PLACE).fullmatch(value):
            self.note('"%(key)s" cannot be %(value)s.', "Write numbers without units.", key=key, value=value[:40])
        return not unknown

    def end(self, name: str) -> None:
        self.open.pop()
        if name in ("title", "desc") and self.words.strip():
            self.described.add(name)
        if name in _ELEMENTS or not self.open:
            self.written.append(f"</{name}>")

    def text(self, text: str) -> None:
        if self.open[-1] in ("text", "tspan", "title", "desc"):
            self.words += text
            self.written.append(escape(text))
        elif text.strip():
            self.note('There is text outside "<text>".', 'Put it into "<text>".')


class _RefusedError(Exception):
    """Nothing more is read."""
