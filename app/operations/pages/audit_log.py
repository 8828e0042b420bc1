"""Page and file of `/audit`: ids for administrators, aliases of the own country for contact points, no identities."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from flask import Flask, url_for
from flask_babel import force_locale, gettext as _

from app.access.policy import ALL_COUNTRIES, Action, Actor, allows
from app.audit import queries
from app.audit.domain.chain import ChainEntry
from app.audit.queries import AuditFilter, ReadPosition, Stay, Verified
from app.i18n.languages import country_name
from app.identity.queries import people as accounts, postings
from app.identity.queries.postings import PostingSpan
from app.kernel import clock
from app.operations.domain import OFFICERS_OWN
from app.operations.forms.audit_log import TrailForm, read_id, write_reached
from app.operations.labels import events, facts
from app.web.pages import Page
from app.web.table_files import Row

PAGE = 50
PORTION = 1000  # entries read at once for a file
HIDDEN = UUID(int=0)  # in place of the actor where the actor is not shown
SHORT = 8  # characters of an id that tell it from its neighbours
# results are for the officer alone; the folded name of a failed sign-in is for the limits alone
UNSAID = frozenset({
    "account", "share", "misses", "false_alarms", "move", "node", "score", "scores", "passed", "marks", "mark",
})  # fmt: skip
SHOWN_APART = frozenset({"person_id", "officer", "recipient_id", "country"})
PLACES = frozenset({"reach", "agency_id", "roles"})  # facts that reveal a country, beside the country itself
COUNTED = "entries"  # of a verification: the number of the last entry
OTHERS = ("who", "about", "people", "first_id", "second_id")  # further people, of whatever country
NARROWS = ("kind", "since", "until", "who", "about")
HEADS = ("entry", "at", "event", "by", "about", "thing", "country", "request", "details")
Labels = Mapping[tuple[UUID, date], str]  # the name of a person in an entry of a day


@dataclass(frozen=True, slots=True)
class Checks:
    """The last verification, the last one that found damage, and the time of the last signature."""

    verified: Verified | None
    fault: Verified | None
    signed_at: datetime | None


def checks() -> Checks:
    """Return the state of the verification and the signature of the audit log."""
    signed, (verified, fault) = queries.last_checkpoints(1), queries.verifications()
    return Checks(verified, fault, signed[0].at if signed else None)


def is_administrator(actor: Actor) -> bool:
    """Return whether the actor sees the entries of all countries, with ids."""
    return allows(actor, Action.SEE_TRAIL, ALL_COUNTRIES)


def damaged(verified: Verified | None) -> int | None:
    """Return the number of the entry that a verification found damaged, or None."""
    return verified.fault.entry if verified and verified.fault else None


@dataclass(frozen=True, slots=True)
class Link:
    """A text and its URL ("" for none)."""

    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """An entry of the audit log as the page shows it; `number` and `country` are "" where they are not shown."""

    number: str
    at: datetime
    event: str
    by: Link | None
    about: Link | None
    thing: Link | None
    country: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Damage:
    """When a verification found damage, and the number of the entry ("" where numbers are not shown)."""

    at: datetime
    entry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLogPage(Page):
    """The audit log, newest entries first."""

    template: ClassVar[str] = "operations/trail.html"

    form: TrailForm
    verified_at: datetime | None
    damage: Damage | None  # of the last verification
    earlier_damage: Damage | None  # of an earlier verification, if the last one found none
    signed_at: datetime | None
    entries: tuple[EntryRow, ...]
    first_href: str
    next_href: str
    file_href: str
    all_href: str


def page(entries: Sequence[ChainEntry], actor: Actor, form: TrailForm, checks: Checks, today: date) -> AuditLogPage:
    """Return a page of the audit log; `entries` contains one more than a page if there are more.

    Only the damaged entry shows its number: the numbers of neighbours would reveal how many entries are left out.
    """
    shown, has_more = as_seen(entries[:PAGE], actor), len(entries) > PAGE
    names = labels(shown, actor, today)
    filters = narrowing(form)
    numbered, marked = is_administrator(actor), damaged(checks.fault)
    next_href = ""
    if has_more:
        moment, count = queries.position_after(shown, None if form.before.errors else form.reached())
        next_href = url_for("operations.show_audit_log", **filters, before=write_reached(moment, count))
    damage = _damage(checks.verified, numbered=numbered)
    return AuditLogPage(
        form=form,
        verified_at=checks.verified.at if checks.verified else None,
        damage=damage,
        earlier_damage=None if damage else _damage(checks.fault, numbered=numbered),
        signed_at=checks.signed_at,
        entries=tuple(_row(line, actor, names, marked) for line in shown),
        first_href=url_for("operations.show_audit_log", **filters) if form.before.data else "",
        next_href=next_href,
        file_href=url_for("operations.export_audit_log", **filters),
        all_href=url_for("operations.show_audit_log"),
    )


def _damage(verified: Verified | None, *, numbered: bool) -> Damage | None:
    if verified is None or verified.fault is None:
        return None
    return Damage(verified.at, str(verified.fault.entry) if numbered else "")


def narrowing(form: TrailForm) -> Mapping[str, Any]:
    """Return the filters of the list as parameters of its address."""
    return {name: str(form[name].data) for name in NARROWS if form[name].data and not form[name].errors}


def labels(lines: Sequence[ChainEntry], actor: Actor, today: date) -> Labels:
    """Return the names of people in entries: ids for administrators, else aliases of officers of the own country.

    Officers belong to a country whose last posting is there, on the days that they served there: what officers did
    before they came to the country is not shown to its contact points.
    """
    days = {
        (person_id, line.at.date())
        for line in lines
        for person_id in (line.actor_id, line.person_id)
        if person_id is not None
    }
    if is_administrator(actor):
        return {(person_id, day): str(person_id) for person_id, day in days}
    own = _days_in_country(days, actor.country, today)
    names = accounts.names({person_id for person_id, _day in own})
    return {(person_id, day): names[person_id] for person_id, day in own}


def _days_in_country(days: Set[tuple[UUID, date]], country: str, today: date) -> set[tuple[UUID, date]]:
    spans = postings.postings({person_id for person_id, _day in days})
    stays_of = {person_id: stays(postings_of, country, today) for person_id, postings_of in spans.items()}
    return {
        (person_id, day)
        for person_id, day in days
        if any(since <= day < until for since, until in stays_of.get(person_id, ()))
    }


def stays(spans: Sequence[PostingSpan], country: str, today: date) -> list[Stay]:
    """Return the periods in which a person with these postings belongs to the audit log of a country.

    The last posting must be in the country; periods of postings elsewhere do not count. The end is exclusive.
    """
    begun = [span for span in spans if span.since <= today]
    if not begun or begun[-1].country != country:
        return []
    changes = [span.since for span in begun[1:]]
    turns = zip(begun, [date.min, *changes], [*changes, date.max], strict=True)
    return [(since, until) for span, since, until in turns if span.country == country]


def as_seen(lines: Sequence[ChainEntry], actor: Actor) -> list[ChainEntry]:
    """Return entries as their reader may see them: to an administrator no entry of a person reveals the country.

    The actor and other named people are hidden if they serve or served in the same country: a contact point is known
    to belong to one. An invitation leads to the contact point who made it, so it is left out where it names a person
    or shows an action of the invited person. This applies to everyone: a gap would reveal who is under threat.
    """
    if not is_administrator(actor):
        return list(lines)  # all of the own country
    facts_of = [msgspec.json.decode(line.facts) for line in lines]
    countries = _countries(lines, facts_of)
    return [_without_country(line, values, countries) for line, values in zip(lines, facts_of, strict=True)]


def _countries(lines: Sequence[ChainEntry], facts_of: Sequence[Mapping[str, Any]]) -> Mapping[UUID, Set[str]]:
    """Return the countries in which the people of these entries serve and served."""
    ids = {person_id for line in lines for person_id in (line.person_id, line.actor_id) if person_id}
    ids.update(person_id for values in facts_of for person_id in _named_in(values))
    spans = postings.postings(ids)
    return {person_id: {span.country for span in postings_of} for person_id, postings_of in spans.items()}


def _named_in(values: Mapping[str, Any]) -> Iterator[UUID]:
    for name in OTHERS:
        value = values.get(name)
        for text in value if isinstance(value, list) else [value]:
            person_id = read_id(text) if isinstance(text, str) else None
            if person_id is not None:
                yield person_id


def _without_country(line: ChainEntry, values: Mapping[str, Any], countries: Mapping[UUID, Set[str]]) -> ChainEntry:
    """Return an entry without the values that reveal the country of a person."""
    people = {person_id for person_id in (line.person_id, line.actor_id) if person_id is not None}
    shown = _shown_facts(line, values, people, countries)
    thing = str(line.thing_id)
    reveals = thing in values.values() and thing not in shown.values()
    entry = line._replace(thing_id=None if reveals else line.thing_id, facts=msgspec.json.encode(shown).decode())
    if not people:
        return entry
    entry = entry._replace(country=None)
    return entry._replace(actor_id=HIDDEN, request_id="") if _are_countrymen(line, countries) else entry


def _shown_facts(
    line: ChainEntry,
    values: Mapping[str, Any],
    people: Collection[UUID],
    countries: Mapping[UUID, Set[str]],
) -> dict[str, object]:
    own = set[str]().union(*(countries.get(person_id, set()) for person_id in people))
    countrymen = {person_id for person_id, of_person in countries.items() if of_person & own}
    shown = {name: value for name, value in values.items() if not _reveals_country(line, name)}
    for name in set(OTHERS) & set(shown):
        shown[name] = _strangers(shown[name], people, countrymen)
    return shown


def _are_countrymen(line: ChainEntry, countries: Mapping[UUID, Set[str]]) -> bool:
    """Return whether actor and person are two people who serve or served in the same country."""
    if line.person_id is None or line.actor_id is None or line.person_id == line.actor_id:
        return False
    return bool(countries.get(line.person_id, set()) & countries.get(line.actor_id, set()))


def _reveals_country(line: ChainEntry, name: str) -> bool:
    """Return whether a fact, whatever its value, reveals the country of a person or the number of hidden entries."""
    if name == queries.INVITATION:
        return line.person_id is not None or line.actor_id is None
    if name in PLACES:
        return line.person_id is not None or line.actor_id is not None
    return name == COUNTED or name in queries.TELLING


def _strangers(value: Any, people: Collection[UUID], countrymen: Collection[UUID]) -> Any:
    """Return the ids of a fact, one or several, without those of countrymen who are not among `people`."""
    hidden = {str(person_id) for person_id in countrymen if person_id not in people}
    if isinstance(value, list):
        return [text for text in value if text not in hidden]
    return None if value in hidden else value


def portions(app: Flask, locale: str, reader: Actor, sought: AuditFilter) -> Iterator[Row]:
    """Yield all entries as rows of a file."""
    return (row for _line, row in _written(app, locale, reader, sought))


def report(app: Flask, locale: str, reader: Actor, person_id: UUID, since: datetime) -> Iterator[Row]:
    """Yield the views and changes of an account since a moment: views of others, sign-ins, changes, no learning.

    People of the account's own country are not named: the report of a contact point would sort ids by country.
    Such entries are counted by day and kind: their times would lead to entries of the audit log that name the person.
    """
    day, kinds, label = "", Counter[str](), ""
    for line, row in _written(app, locale, reader, AuditFilter(since=since, actor_id=person_id, without=OFFICERS_OWN)):
        if line.at.date().isoformat() != day:
            yield from _counted(day, kinds, person_id, label)
            day, kinds = line.at.date().isoformat(), Counter()
        if line.actor_id == HIDDEN:
            kinds[line.name] += 1
            label = str(row[HEADS.index("by")])
        else:
            yield row
    yield from _counted(day, kinds, person_id, label)


def _counted(day: str, kinds: Mapping[str, int], person_id: UUID, label: str) -> Iterator[Row]:
    for name, times in sorted(kinds.items()):
        yield "", day, name, str(person_id), label, "", "", "", f"times: {times}"


def _written(app: Flask, locale: str, reader: Actor, sought: AuditFilter) -> Iterator[tuple[ChainEntry, Row]]:
    """Yield all entries, a portion at a time: memory use stays flat, and no query reads more than a portion."""
    after: ReadPosition | None = None
    while True:
        with app.app_context(), force_locale(locale):
            lines = queries.page(reader, sought, after=after, size=PORTION)
            names, marked = labels(lines, reader, clock.today()), damaged(queries.last_fault())
            rows = [(line, file_row(line, reader, names, marked)) for line in as_seen(lines, reader)]
        yield from rows
        if len(lines) < PORTION:
            return
        after = queries.position_after(lines, after)


def file_row(line: ChainEntry, actor: Actor, names: Labels, marked: int | None) -> Row:
    """Return an entry as a row of a file."""
    return (
        line.id if line.id == marked and is_administrator(actor) else "",
        line.at.isoformat(),
        line.name,
        _called(line.actor_id, line.at.date(), names),
        _called(line.person_id, line.at.date(), names),
        str(line.thing_id or ""),
        line.country or "",
        line.request_id,
        "; ".join(_file_details(line, actor)),
    )


def _row(line: ChainEntry, actor: Actor, names: Labels, marked: int | None) -> EntryRow:
    administrator, day = is_administrator(actor), line.at.date()
    return EntryRow(
        number=str(line.id) if administrator and line.id == marked else "",
        at=line.at,
        event=events.name(line.name),
        by=_person(line.actor_id, actor, names.get((line.actor_id or HIDDEN, day)), "who"),
        about=_person(line.person_id, actor, names.get((line.person_id or HIDDEN, day)), "about"),
        thing=_thing(line.thing_id),
        country=country_name(line.country) if administrator and line.country else "",
        details=tuple(_details(line, actor)),
    )


def _person(person_id: UUID | None, actor: Actor, label: str | None, filter_name: str) -> Link | None:
    if person_id is None:
        return None
    if person_id == HIDDEN:
        return Link(_("Person of the same country"), "")
    if label is None:  # an id, even a short one, would let a foreigner tell people apart
        return Link(_("Outside your country"), "")
    text = label[:SHORT] if is_administrator(actor) else label
    filters: Mapping[str, Any] = {filter_name: str(person_id)}
    return Link(text, url_for("operations.show_audit_log", **filters))


def _thing(thing_id: UUID | None) -> Link | None:
    if thing_id is None:
        return None
    return Link(str(thing_id)[:SHORT], url_for("operations.show_audit_log", about=str(thing_id)))


def _called(person_id: UUID | None, day: date, names: Labels) -> str:
    if person_id == HIDDEN:
        return _("Person of the same country")
    return "" if person_id is None else names.get((person_id, day), _("Outside your country"))


def _details(line: ChainEntry, actor: Actor) -> list[str]:
    """Return the facts of an entry that have no column, as texts for the page; only administrators see ids."""
    values: Mapping[str, Any] = msgspec.json.decode(line.facts)
    shown = _shown_values(line, values, SHORT if is_administrator(actor) else 0)
    return [facts.sentence(line.name, name, values[name], shown[name]) for name in facts.ordered(shown)]


def _file_details(line: ChainEntry, actor: Actor) -> list[str]:
    """Return the facts of an entry for a file, with whole ids and the names and values of the code."""
    shown = _shown_values(line, msgspec.json.decode(line.facts), None if is_administrator(actor) else 0)
    return [f"{_readable(name)}: {text}" for name, text in shown.items()]


def _shown_values(line: ChainEntry, values: Mapping[str, Any], id_length: int | None) -> dict[str, str]:
    texts = {name: _value(value, id_length) for name, value in values.items() if name not in UNSAID | SHOWN_APART}
    thing = _value(str(line.thing_id), id_length)
    return {name: text for name, text in texts.items() if text and text != thing}


def _readable(name: str) -> str:
    return name.removesuffix("_id").replace("_", " ")


def _value(value: Any, id_length: int | None) -> str:
    """Return a value as text, an id cut to its first characters."""
    if isinstance(value, list):
        return ", ".join(filter(None, (_value(item, id_length) for item in value)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "" if value is None else str(value)
    return text if read_id(text) is None else text[:id_length]
