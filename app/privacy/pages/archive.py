"""The page to read in an archive, in the language and direction of the person; and the answer that carries the file."""

from typing import IO, Any

from flask import Response, render_template, send_file

from app.i18n.languages import current, direction
from app.kernel import clock
from app.privacy.pages import columns
from app.privacy.service.archive import SAMPLE, PartSample

NAME = "my-data.zip"
STYLE = """body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-inline-size: 60rem; padding: 1rem }
section > div { overflow-x: auto }
table { border-collapse: collapse }
th, td { border-block-end: 1px solid #bbb; padding: 0.25rem 0.75rem; text-align: start; vertical-align: top }
dt { font-weight: bold }
@media (prefers-color-scheme: dark) { body { background: #111; color: #eee } a { color: #8cf } }
"""


def pages_of(told: list[PartSample], courses: dict[str, str]) -> dict[str, str]:
    """Return the page to read and its style: every part with its first rows, in HTML that asks no network."""
    page = render_template(
        "privacy/archive.html",
        language=current(),
        dir=direction(current()),
        made_on=clock.today(),
        parts=[_part(one, courses) for one in told if one.count],
        empty=[_title(one) for one in told if not one.count],
        most=SAMPLE,
    )
    return {"index.html": page, "style.css": STYLE}


def send(file: IO[bytes]) -> Response:
    """Return the file as an answer that is kept, never shown."""
    answer = send_file(file, "application/zip", as_attachment=True, download_name=NAME, etag=False)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _part(one: PartSample, courses: dict[str, str]) -> dict[str, Any]:
    names = [name for name in one.rows[0] if columns.shown(name)]
    heads = [columns.head(one.name, name) for name in names]
    rows = [[columns.cell(one.name, name, row[name], courses) for name in names] for row in one.rows]
    return {"name": one.name, "title": _title(one), "count": one.count, "heads": heads, "rows": rows}


def _title(one: PartSample) -> str:
    return str(columns.PARTS[one.name])
