"""View model of `/people/<id>/extra-time`, the form for the extra time of an officer in tests."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.directory.forms import ExtraTimeForm
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraTimePage(Page):
    """The form for the extra time of an officer."""

    template: ClassVar[str] = "directory/extra_time.html"
    person_id: UUID
    alias: str
    form: ExtraTimeForm
