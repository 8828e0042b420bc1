"""Render `index.html` of the archive of own data, in the person's language, and send the ZIP file."""

from dataclasses import dataclass
from datetime import date
from typing import IO, ClassVar

from flask import Response, send_file

from app.i18n.languages import current, direction
from app.kernel import clock
from app.privacy.pages import columns
from app.privacy.service.archive import SAMPLE, PartSample
from app.web.pages import Page, render

NAME = "my-data.zip"
STYLE = """body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-inline-size: 60rem; padding: 1rem }
section > div { overflow-x: auto }
table { border-collapse: collapse }
th, td { border-block-end: 1px solid #bbb; padding: 0.25rem 0.75rem; text-align: start; vertical-align: top }
dt { font-weight: bold }
@media (prefers-color-scheme: dark) { body { background: #111; color: #eee } a { color: #8cf } }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePart:
    """A table of the archive: its heads and its first rows."""

    name: str
    title: str
    count: int
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePage(Page):
    """The readable page of an archive, which needs no network."""

    template: ClassVar[str] = "privacy/archive.html"

    language: str
    dir: str
    made_on: date
    parts: tuple[ArchivePart, ...]
    empty: tuple[str, ...]
    most: int


def pages_of(samples: list[PartSample], courses: dict[str, str]) -> dict[str, str]:
    """Return the readable page and its style: every part with its first rows, in HTML that needs no network."""
    page = ArchivePage(
        language=current(),
        dir=direction(current()),
        made_on=clock.today(),
        parts=tuple(_part(sample, courses) for sample in samples if sample.count),
        empty=tuple(_title(sample) for sample in samples if not sample.count),
        most=SAMPLE,
    )
    return {"index.html": render(page), "style.css": STYLE}


def send(file: IO[bytes]) -> Response:
    """Return the file as a download that browsers do not cache."""
    response = send_file(file, "application/zip", as_attachment=True, download_name=NAME, etag=False)
    response.headers["Cache-Control"] = "no-store"
    return response


def _part(sample: PartSample, courses: dict[str, str]) -> ArchivePart:
    names = [name for name in sample.rows[0] if columns.shown(name)]
    return ArchivePart(
        name=sample.name,
        title=_title(sample),
        count=sample.count,
        heads=tuple(columns.head(sample.name, name) for name in names),
        rows=tuple(tuple(columns.cell(sample.name, name, row[name], courses) for name in names) for row in sample.rows),
    )


def _title(sample: PartSample) -> str:
    return str(columns.PARTS[sample.name])
