"""Build the page of the tests before and after an event, with the gain of its participants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Actor
from app.catalogue.queries import courses as catalogue
from app.learning import labels as learning_pages
from app.web.pages import Page
from app.workshops.domain.event_tests import FEWEST, EventTestPart
from app.workshops.domain.events import ACTIVE
from app.workshops.forms.on_the_day import EventTestForm
from app.workshops.pages import event
from app.workshops.pages.event import EventHeading
from app.workshops.queries import bookings, event_tests
from app.workshops.queries.event_tests import EventResults, EventTestLine
from app.workshops.shapes import WorkshopFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTestRow:
    """A test of an event; an address is "" if the step is not possible now."""

    part: EventTestPart
    title: str
    word: str
    kind: str
    course: str
    submitted: str
    asks_course: bool
    open_url: str
    open_label: str
    close_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GainNumbers:
    """The gain in percent: mean score before and after, and the difference in percentage points."""

    people: str
    before: str
    after: str
    gain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTestsPage(Page):
    """The tests of an event; `gain` is None for fewer than five people who took both."""

    template: ClassVar[str] = "teaching/event_tests.html"
    heading: EventHeading
    tests: Sequence[EventTestRow]
    form: EventTestForm
    gain: GainNumbers | None
    no_gain: str
    message: str


def part_title(part: EventTestPart) -> str:
    """Return the title of a test."""
    return {EventTestPart.BEFORE: _("Test before the event"), EventTestPart.AFTER: _("Test after the event")}[part]


def offer_courses(form: EventTestForm, actor: Actor, workshop: WorkshopFacts) -> EventTestForm:
    """Offer the courses with a test, those that the event needs first."""
    outlines = [outline for outline in catalogue.all_visible(actor) if outline.facts.test is not None]
    ordered = sorted(outlines, key=lambda outline: (outline.code not in workshop.prerequisites, outline.code))
    form.course.offer(
        [(outline.slug, f"{outline.code} {outline.title(learning_pages.shown(outline))}") for outline in ordered]
    )
    return form


def page(workshop: WorkshopFacts, form: EventTestForm, message: str = "") -> EventTestsPage:
    """Return the page of the tests of an event."""
    tests, results = event_tests.tests_of(workshop.id), event_tests.results(workshop.id)
    seats = bookings.counts([workshop.id])[workshop.id][0]
    return EventTestsPage(
        heading=event.heading_of(workshop),
        tests=[_row(workshop, part, tests, results, seats) for part in EventTestPart],
        form=form,
        gain=_gain(results),
        no_gain=_("The gain is shown when %(n)s people have submitted both tests.", n=FEWEST),
        message=message,
    )


def _row(
    workshop: WorkshopFacts,
    part: EventTestPart,
    tests: Mapping[EventTestPart, EventTestLine],
    results: EventResults,
    seats: int,
) -> EventTestRow:
    test = tests.get(part)
    is_open = test is not None and test.closed_at is None
    word, kind = _state(test)
    return EventTestRow(
        part=part,
        title=part_title(part),
        word=word,
        kind=kind,
        course=_course(test) if test else "",
        submitted=_("%(n)s of %(m)s submitted", n=results.submitted[part], m=seats) if test else "",
        asks_course=not tests,
        open_url="" if is_open else _open_url(workshop, part),
        open_label=_("Open again") if test else _("Open the test"),
        close_url=url_for("workshops.close_test", workshop_id=workshop.id, part=part) if is_open else "",
    )


def _open_url(workshop: WorkshopFacts, part: EventTestPart) -> str:
    if workshop.state not in ACTIVE:
        return ""
    return url_for("workshops.open_test", workshop_id=workshop.id, part=part)


def _state(test: EventTestLine | None) -> tuple[str, str]:
    if test is None:
        return _("Not opened"), "open"
    return (_("Open for participants"), "here") if test.closed_at is None else (_("Closed for participants"), "good")


def _course(test: EventTestLine) -> str:
    outline = catalogue.outline(test.version_id)
    title = f"{outline.code} {outline.title(learning_pages.shown(outline))}"
    return ngettext("%(num)s question of %(course)s", "%(num)s questions of %(course)s", test.items, course=title)


def _gain(results: EventResults) -> GainNumbers | None:
    gain = results.gain
    if gain is None:
        return None
    return GainNumbers(
        people=ngettext("%(num)s person took both", "%(num)s people took both", gain.pairs),
        before=_percent(gain.before),
        after=_percent(gain.after),
        gain=f"{round(gain.gain * 100):+d}",
    )


def _percent(score: float) -> str:
    return _("%(n)s %%", n=round(score * 100))
