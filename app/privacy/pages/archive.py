"""The page to read in an archive, in the language and direction of the person; and the answer that carries the file."""

from typing import IO, Any

from flask import Response, render_template, send_file

from app.i18n.languages import current, direction
from app.kernel import clock
from app.privacy.pages import columns
from app.privacy.service.archive import SAMPLE, Told

NAME = "my-data.zip"
STYLE = """body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-inline-size: 60rem; padding: 1rem }
section > div { overflow-x: auto }
table { border-collapse: collapse }
th, td { border-block-end: 1px solid #bbb; padding: 0.25rem 0.75rem; text-align: start; vertical-align: top }
dt { font-weight: bold }
@media (prefers-color-scheme: dark) { body { background: #111; color: #eee } a { color: #8cf } }
"""


def pages_of(samples: list[Told], courses: dict[str, str]) -> dict[str, str]:
    """Return the page to read and its style: every part with its first rows, in HTML that asks no network."""
    page = render_template(
        "privacy/archive.html",
        language=current(),
        dir=direction(current()),
        made_on=clock.today(),
        parts=[_part(sample, courses) for sample in samples if sample.count],
        empty=[_title(sample) for sample in samples if not sample.count],
        most=SAMPLE,
    )
    return {"index.html": page, "style.css": STYLE}


def send(file: IO[bytes]) -> Response:
    """Return the file as an answer that is kept, never shown."""
    answer = send_file(file, "application/zip", as_attachment=True, download_name=NAME, etag=False)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _part(sample: Told, courses: dict[str, str]) -> dict[str, Any]:
    names = [name for name in sample.rows[0] if columns.shown(name)]
    heads = [columns.head(sample.name, name) for name in names]
    rows = [[columns.cell(sample.name, name, row[name], courses) for name in names] for row in sample.rows]
    return {"name": sample.name, "title": _title(sample), "count": sample.count, "heads": heads, "rows": rows}


def _title(sample: Told) -> str:
    return str(columns.PARTS[sample.name])
