"""The page about own data: export and erasure request."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDataPage(Page):
    """Export of the own data and the erasure request; `asked_at` is None without a request."""

    template: ClassVar[str] = "privacy/own_data.html"

    is_reauthenticated: bool
    errors: tuple[tuple[str, str], ...]
    export_error: str
    erasure_error: str
    asked_at: datetime | None
    has_contact_point: bool  # another contact point of the country decides
