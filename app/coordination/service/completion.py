"""Record views of small numbers of completion, once a day and filter, and files of completion."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete

from app.coordination.domain.completion import ExportReason, filter_digest
from app.coordination.events import CompletionExported, CompletionViewed
from app.coordination.models import CompletionView
from app.db.session import db, record
from app.db.upsert import insert_ignore


def record_view(filters: str, *, countries: Collection[str], by: UUID, now: datetime) -> None:
    """Record that a person saw numbers under five of these countries ("": of several together); forget earlier days.

    There is an entry for each country, so that its contact points see it, once for each UTC day and filter.
    """
    db.session.execute(delete(CompletionView).where(CompletionView.day < now.date()))
    row = {"person_id": by, "day": now.date(), "filters": filter_digest(filters)}
    once = insert_ignore(CompletionView, ["person_id", "day", "filters"]).returning(CompletionView.filters)
    if db.session.execute(once, row).first() is not None:
        for country in sorted(countries):
            record(CompletionViewed(at=now, filters=filters, country=country))


def record_export(filters: str, *, country: str, form: str, reason: ExportReason | None, now: datetime) -> None:
    """Record that a file of completion was made; `reason` None: for publication."""
    record(CompletionExported(at=now, filters=filters, country=country, form=form, reason=reason or ""))
