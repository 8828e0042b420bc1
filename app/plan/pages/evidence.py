"""Text and link of each piece of evidence on `/plan/records/<number>`; `queries.evidence` reads it."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.catalogue.domain.items import Level
from app.catalogue.queries import courses as catalogue
from app.competence.domain.evidence import EvidenceKind
from app.competence.labels import competencies as competence
from app.i18n.babel import words as day_words
from app.i18n.languages import country_name, language_name
from app.plan import labels
from app.plan.queries.evidence import EvidenceItem

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceText:
    """A piece of evidence in words."""

    day: date | None
    title: str
    sub: Sequence[str]
    href: str
    voided: bool


def event_ids(items: Iterable[EvidenceItem]) -> set[UUID]:
    """Return the events that evidence names."""
    return {UUID(str(item.facts["workshop"])) for item in items if item.facts.get("workshop")}


def show(link: EvidenceItem, *, inside: bool, opens: bool, events: Collection[UUID]) -> EvidenceText:
    """Return a piece of evidence; `inside`: to the contact point of the officer's own country, with its result.

    `opens`: the user may see a figure entered by hand. `events`: those that the user may read.
    """
    hidden = set() if inside else {"share", "country", "misses", "false_alarms"}
    return EvidenceText(
        day=link.day,
        title=_title(link),
        sub=list(_facts({name: value for name, value in link.facts.items() if name not in hidden})),
        href=_href(link.facts, opens=opens, events=events),
        voided=bool(link.facts.get("voided")),
    )


def counts(items: Sequence[EvidenceItem]) -> list[tuple[str, int]]:
    """Return the kinds of evidence with their numbers, without days, courses and competencies."""
    return list(Counter(_title(item) for item in items).items())


def _title(link: EvidenceItem) -> str:
    facts = link.facts
    if link.kind == "evidence":
        return competence.kind(EvidenceKind(str(facts["kind"])))
    return {
        "begun": _("Course begun"),
        "completed": _("Course completed"),
        "lesson": _("Lesson done"),
        "test": _("Test submitted"),
        "practice": _("Practice finished"),
        "case": _("Case played"),
        "held": _("Valid without interruption"),
        "published": _("Version published"),
        "reviewed": _("Checked in this language"),
        "closed": _("Event closed"),
        "session": _("Attended the session") if facts.get("attended") else _("Did not attend the session"),
        "served": _("Serves here"),
        "reported": _("Figure entered by hand"),
        "approved": _("Approved by a second person"),
        "pretest": _("Pre-test submitted"),
        "delayed": _("Delayed questions answered"),
        "scored": _("Scored by an assessor"),
        "incomplete": _("Licence or source missing"),
        "incident": _("Security incident begun"),
        "incident_ended": _("Security incident ended"),
        "evaluated": _("Evaluation closed"),
        "followed_up": _("Asked after the event"),
        "committed": _("Commitment made"),
        "commitment_done": _("Commitment done"),
        "commitment_dropped": _("Commitment dropped"),
        "agreed": _("Action agreed at a meeting"),
        "action_due": _("First due date"),
        "action_done": _("Action done"),
    }.get(link.kind, _("A record"))


def _facts(facts: Facts) -> Iterator[str]:
    for name, says in _SAYS.items():
        if facts.get(name) is not None and (text := says(facts)):
            yield text


def _competency(facts: Facts) -> str:
    framework = catalogue.competencies()
    name = str(facts["competency"])
    return f"{name} {competence.title(framework, name).text}" if framework else name


def _day(facts: Facts, name: str) -> str:
    return day_words(date.fromisoformat(str(facts[name])))


def _content_part(facts: Facts) -> str:
    parts = {"lesson": _("Lesson"), "case": _("Case"), "picture": _("Picture"), "item": _("Test question")}
    return f"{parts[str(facts['part'])]} {facts['name']}"


def _href(facts: Facts, *, opens: bool, events: Collection[UUID]) -> str:
    if facts.get("workshop") and UUID(str(facts["workshop"])) in events:
        return url_for("workshops.show_workshop", workshop_id=facts["workshop"])
    if facts.get("observation") and opens:
        return url_for("plan.show_figure", observation_id=facts["observation"])
    return ""


_SAYS: Mapping[str, Callable[[Facts], str]] = {
    "course": lambda facts: str(facts["course"]),
    "number": lambda facts: _("Version %(n)s", n=facts["number"]) if "course" in facts else "",
    "competency": _competency,
    "level": lambda facts: competence.level(Level(str(facts["level"]))),
    "share": lambda facts: _("Result: %(n)s", n=labels.number(100 * float(facts["share"]), "percent")),
    "watched": lambda facts: _("Watched") if facts["watched"] else "",
    "voided": lambda facts: _("Taken back") if facts["voided"] else "",
    "until": lambda facts: _("Until %(day)s", day=_day(facts, "until")),
    "language": lambda facts: language_name(str(facts["language"])),
    "checked_on": lambda facts: _("Facts checked on %(day)s", day=_day(facts, "checked_on")),
    "country": lambda facts: country_name(str(facts["country"])),
    "misses": lambda facts: _("Signs missed: %(n)s", n=labels.number(facts["misses"])),
    "false_alarms": lambda facts: _("False alarms: %(n)s", n=labels.number(facts["false_alarms"])),
    "answers": lambda facts: ngettext("%(num)s answer", "%(num)s answers", int(facts["answers"])),
    "part": _content_part,
    "severe": lambda facts: _("Identities exposed") if facts["severe"] else "",
    "value": lambda facts: labels.number(float(facts["value"])),
    "source": lambda facts: str(facts["source"]),
}
