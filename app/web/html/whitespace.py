"""Removal of the indentation of templates when they are compiled, so that no page carries it."""

import re
from collections.abc import Iterator

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "html", "legend",
    "li", "link", "main", "meta", "nav", "ol", "optgroup", "option", "p", "section", "summary", "table", "tbody",
    "td", "tfoot", "th", "thead", "title", "tr", "ul",
    # parts of a drawing
    "circle", "defs", "line", "path", "pattern", "rect", "text",
}  # fmt: skip
# whitespace counts outside of these elements, not at the edges of their content
INLINE_BLOCKS = {"button", "select", "svg"}
PREFORMATTED = {"pre", "textarea"}
PIECE = re.compile(r"\s+|<!--.*?-->|<!|</?[a-zA-Z][\w-]*|</?|/?>|[\"']|[^\s<>\"'/]+|/", re.S)


class Indentation(Extension):
    """Remove whitespace beside block elements; write any other run as one line break or space."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Return the tokens of a template with less whitespace in its text."""
        page, before = _Page(), ""
        for token in stream:
            if token.type == "data":
                text = "".join(page.read(token.value, before, stream.current.type))
                yield Token(token.lineno, "data", text)
            else:
                yield token
            before = token.type


class _Page:
    """The HTML of a template, read piece by piece between the Jinja tokens."""

    def __init__(self) -> None:
        self.tag = ""  # the tag that is being read, such as "<div"
        self.quote = ""  # the sign that ends the attribute value that is being read
        self.preformatted = ""  # the element whose content is kept as it is
        self.at_edge = False  # no whitespace is shown here, because a block element begins or ends

    def read(self, text: str, before: str, after: str) -> Iterator[str]:
        """Yield a text with less whitespace; before and after are the types of the tokens around it."""
        self.at_edge = self.at_edge and before == "data"
        if self.tag and not self.quote and before == "block_end" and text[:1].isalpha():
            yield " "  # `<p {% if x %}hidden{% endif %}>` is read as `<p{% if x %} hidden{% endif %}>`
        pieces = PIECE.findall(text)
        for piece, following in zip(pieces, [*pieces[1:], after], strict=True):
            yield self._space(piece, following) if self._is_reducible(piece) else piece
            self._move(piece)

    def _is_reducible(self, piece: str) -> bool:
        """Return whether a piece is whitespace outside quotes and preformatted text."""
        return piece.isspace() and not self.quote and (bool(self.tag) or not self.preformatted)

    def _space(self, space: str, following: str) -> str:
        if self.tag:
            # an expression that writes attributes begins with a space, as those of the filter xmlattr do
            return "" if following in (">", "/>", "block_begin", "variable_begin") else " "
        if self.at_edge or _is_edge(following, "</"):
            return ""
        return "\n" if "\n" in space else " "

    def _move(self, piece: str) -> None:
        if self.quote:
            self.quote = "" if piece == self.quote else self.quote
        elif self.tag:
            self._move_in_tag(piece)
        else:
            self._move_in_text(piece)

    def _move_in_text(self, piece: str) -> None:
        if self.preformatted:
            self.tag = piece if piece == "</" + self.preformatted else ""
        elif piece.startswith("<") and not piece.startswith("<!-"):
            self.tag = piece
        elif not piece.isspace():
            self.at_edge = False

    def _move_in_tag(self, piece: str) -> None:
        if piece in ('"', "'"):
            self.quote = piece
        elif piece in (">", "/>"):
            self.at_edge = _is_edge(self.tag, "<")
            self.preformatted = self.tag[1:] if self.tag[1:] in PREFORMATTED else ""
            self.tag = ""


def _is_edge(tag: str, inside: str) -> bool:
    """Return whether whitespace beside a tag is not shown; `inside` says how tags with content on that side begin."""
    name = tag.lstrip("</") if tag.startswith("<") else ""
    return name in BLOCKS or (name in INLINE_BLOCKS and tag == inside + name)
