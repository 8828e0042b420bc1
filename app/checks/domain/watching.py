"""Rules about who watched evidence: own chain of an officer, results by invigilator within limits of chance."""

from uuid import UUID


def in_own_chain(*, watcher_agency: UUID | None, officer_agency: UUID | None, supervises: bool) -> bool:
    """Return whether a watcher belongs to the officer's own chain: serves in the same agency, or supervises."""
    return supervises or (officer_agency is not None and watcher_agency == officer_agency)
