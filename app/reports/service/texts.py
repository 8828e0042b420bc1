"""Save drafts of texts of reports."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.db.locks import lock_key
from app.db.session import db, record
from app.kernel.errors import DomainError
from app.reports.domain.texts import limit_of
from app.reports.events import ReportTextSaved
from app.reports.models import ReportText
from app.reports.queries import texts as queries
from app.reports.queries.texts import ReportKey


def save(key: ReportKey, language: str, texts: Mapping[str, str], *, country: str, by: UUID, now: datetime) -> int:
    """Save the changed texts of a report in a language by section; return how many changed.

    `country` is that of a country sheet or host. Raises DomainError for a text that is too long.
    """
    for section, text in texts.items():
        if len(text) > limit_of(section):
            raise DomainError("A text is too long. Shorten it.")
    parts = f"report texts {key.kind} {key.period_end} {key.subject} {language}"
    lock_key(hashlib.sha256(parts.encode()).hexdigest())
    query = select(ReportText).where(*queries.conditions(key), ReportText.language == language)
    stored = {row.section: row for row in db.session.scalars(query)}
    changed = 0
    for section, text in texts.items():
        row = stored.get(section)
        if (row.text if row else "") == text:
            continue
        changed += 1
        _write(row, key, section, language, text, by=by, now=now)
        record(ReportTextSaved(at=now, report=key.kind.value, country=country, day=key.period_end, section=section))
    return changed


def _write(
    row: ReportText | None, key: ReportKey, section: str, language: str, text: str, *, by: UUID, now: datetime
) -> None:
    if row is not None:
        row.text, row.saved_by, row.saved_at = text, by, now
        return
    values = {"kind": key.kind, "period_end": key.period_end, "subject": key.subject, "section": section}
    db.session.add(ReportText(**values, language=language, text=text, saved_by=by, saved_at=now))
