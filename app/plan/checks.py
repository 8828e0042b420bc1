"""The invariant checker: what must hold between records, contributions, roll-ups and figures, whoever wrote them."""

from collections.abc import Iterator

from sqlalchemy import func, select

from app.db.session import db
from app.plan import gathering, queries, recounting, writing
from app.plan.domain.definitions import Collected, collected
from app.plan.models import Contribution, FigureDay, FigureMonth

CHECKED = 0


def faults() -> Iterator[str]:
    """Return a sentence for each fault."""
    raise NotImplementedError
