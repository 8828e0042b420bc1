"""Public pages without personal data: about, privacy, accessibility, help; health; the components page."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from flask import Blueprint, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.db.migration_files import applied_revision, head_revision
from app.db.session import db
from app.ports import NationalHotline, ports
from app.web import charts
from app.web.charts import Bar, ChartPoint, Spark, StackSegment, Trend
from app.web.pages import Page, render
from app.web.public.sample_documents import SampleView, samples

bp = Blueprint("about", __name__)
components = Blueprint("components", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutPage(Page):
    template: ClassVar[str] = "about/about.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyPage(Page):
    template: ClassVar[str] = "about/privacy.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessibilityPage(Page):
    template: ClassVar[str] = "about/accessibility.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpContactPage(Page):
    """The help page; `contact_lines` is the address of the user's contact point, if the country has entered one."""

    template: ClassVar[str] = "about/help.html"
    contact_lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportPage(Page):
    """The support page; `contact_lines` as on the help page, `hotline` is that for victims in the user's country."""

    template: ClassVar[str] = "about/support.html"
    contact_lines: tuple[str, ...]
    hotline: NationalHotline | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentsPage(Page):
    """Sample data for the page of components: charts with their descriptions, and a day."""

    template: ClassVar[str] = "components_page.html"
    sample_day: date
    bars: tuple[tuple[Bar, str], ...]
    trends: tuple[tuple[str, Trend], ...]
    sparks: tuple[tuple[Spark, str], ...]
    stack: tuple[StackSegment, ...]
    fields: tuple[tuple[int, int], ...]
    documents: tuple[SampleView, ...]


@bp.get("/about")
def show() -> str:
    """Explain the platform."""
    return render(AboutPage())


@bp.get("/about/privacy")
def privacy() -> str:
    """Explain which personal data is stored and who sees it."""
    return render(PrivacyPage())


@bp.get("/about/accessibility")
def accessibility() -> str:
    """Show the accessibility statement."""
    return render(AccessibilityPage())


@bp.get("/about/help")
def help() -> str:  # noqa: A001 - the name of the page
    """Show the help page."""
    return render(HelpContactPage(contact_lines=_contact_lines()))


@bp.get("/about/support")
def support() -> str:
    """Show how to reach support, and what helps after a hard lesson."""
    return render(SupportPage(contact_lines=_contact_lines(), hotline=ports().national_hotline()))


@bp.get("/health")
def health() -> Response:
    """Check that the server and its database respond: one word."""
    db.session.execute(text("SELECT 1"))
    return _word("ok", 200)


@bp.get("/ready")
def ready() -> Response:
    """Check that the tables are those of this program, too: one word, for a proxy in front of several processes."""
    try:
        is_ready = applied_revision() in {head_revision(), ""}  # "": made without migrations
    except SQLAlchemyError:
        is_ready = False
    return _word("ready", 200) if is_ready else _word("unready", 503)


def _word(word: str, status: int) -> Response:
    return Response(f"{word}\n", status, content_type="text/plain; charset=utf-8")


def _contact_lines() -> tuple[str, ...]:
    return tuple(line for line in ports().help_contact().splitlines() if line.strip())


@components.get("/_components")
def show_components() -> str:
    """Show every component in both directions of writing."""
    return render(_components_page())


def _components_page() -> ComponentsPage:
    quarters = [ChartPoint(n, value, f"Q{1 + n % 4}") for n, value in enumerate((6.0, 6.0, 6.0, 17.0, 25.0, 31.0))]
    ahead, booked = [ChartPoint(8, 24.0, "Q1")], [ChartPoint(8, 38.0)]
    return ComponentsPage(
        sample_day=date(2028, 3, 3),
        bars=(
            (charts.target_bar(baseline=20, now=84, expected=80, target=120), "84 of 120"),
            (charts.target_bar(baseline=6, now=31, expected=42, target=60), "31 of 60"),
            (charts.target_bar(baseline=None, now=None, expected=None, target=60), "No data, target 60"),
        ),
        trends=tuple(
            (way, charts.trend(quarters, goal=60, forecast=ahead, booked=booked, mirrored=way == "rtl"))
            for way in ("ltr", "rtl")
        ),
        sparks=tuple(
            (charts.spark(values), str(values)) for values in ((6, 6, 6, 17, 25, 31), (4, None, 8, 8), (None,))
        ),
        stack=charts.stack((62, 48, 31, 17)),
        fields=tuple((number, charts.full_fields(number)) for number in (5, 8, 10, 12)),
        documents=samples(),
    )
