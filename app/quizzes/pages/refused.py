"""View model of the page that says why a watched attempt cannot be opened."""

from dataclasses import dataclass
from typing import ClassVar

from app.ports import WatchedGate
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedPage(Page):
    """Why a watched attempt cannot be opened now, with the page of its sitting."""

    template: ClassVar[str] = "quizzes/refused.html"
    message: str
    back_url: str


def refused_page(gate: WatchedGate) -> RefusedPage:
    """Return the page of a refusal."""
    return RefusedPage(message=gate.message, back_url=gate.back_url)
