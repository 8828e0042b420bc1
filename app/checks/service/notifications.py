"""Notify assessors once a day of products that wait for them."""

from datetime import datetime

from app.access.targets import Target
from app.checks.queries import marking as queries
from app.checks.queries.marking import PostedAssessor
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports


def notify_of_waiting(marker: PostedAssessor, rubrics: frozenset[str], now: datetime) -> bool:
    """Notify an assessor if a product waits that they may mark by one of these rubrics, once a day; say if so."""
    if queries.count_open(marker.id) or not any(group.rubric in rubrics for group in queries.waiting_groups(marker)):
        return False
    return messages.notify(
        marker.id,
        NoticeKind.PRODUCT_WAITS,
        occasion=f"product-waits:{now.date()}",
        path=ports().path_to(Target.MARKING),
        now=now,
    )
