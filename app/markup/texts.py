"""Render stems, options and feedback in the child process: short texts that share one converter."""

from collections.abc import Callable, Mapping

from app.markup.clean import clean
from app.markup.extensions import build, parse, parse_line, write
from app.markup.postprocess import dress
from app.markup.render_context import RenderContext
from app.markup.shapes import Labels, Picture


def writer(
    *, inline: bool, labels: Labels | None, media: Mapping[str, Picture], documents: Mapping[str, str]
) -> Callable[[str], str]:
    """Return a function from a text to its clean HTML; `inline` leaves out the paragraph around it."""
    context = RenderContext(labels=labels, media=media, documents=documents)
    md = build(context)

    def write_text(text: str) -> str:
        if not text.strip():
            return ""
        root = parse_line(md, text) if inline else parse(md, text)
        dress_as = root[0] if inline else root
        dress(md, root, context)
        if inline:
            dress_as.tag = "p"  # a picture alone became a figure, which is not allowed in a line
            return clean(write(md, dress_as)).removeprefix("<p>").removesuffix("</p>")
        return "\n".join(clean(write(md, element)) for element in root)

    return write_text
