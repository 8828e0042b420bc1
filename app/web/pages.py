"""View models of pages: a frozen dataclass for each template."""

from dataclasses import dataclass
from typing import ClassVar

from flask import render_template


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The view model of one page.

    A subclass names its template, and the first line of the template names the subclass:
    `{# page: app.workshops.pages.detail.WorkshopPage #}`. The template reads `page` and what the layout provides.
    """

    template: ClassVar[str]


def render(page: Page) -> str:
    """Return the HTML of a page."""
    return render_template(page.template, page=page)
