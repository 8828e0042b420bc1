"""The trail for its readers: ids for administrators, aliases of the own country for contact points, no identity."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from flask import Flask, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from app.access.policy import ALL_COUNTRIES, Action, Actor, allows
from app.audit import queries
from app.audit.domain.chain import ChainEntry
from app.audit.queries import AuditFilter, Reached, Stay, Verified
from app.i18n.languages import country_name
from app.identity.queries import people as accounts
from app.identity.queries import postings
from app.identity.queries.postings import PostingSpan
from app.kernel import clock
from app.operations.domain import OFFICERS_OWN
from app.operations.forms.audit_log import TrailForm, read_id, write_reached
from app.operations.labels import events, facts
from app.web.table_files import Row

PAGE = 50
PORTION = 1000  # entries read at once for a file
HIDDEN = UUID(int=0)  # stands for whoever did something, where that is not said
SHORT = 8  # signs of an id that tell it from its neighbours
# what an answer was worth is for who gave it; the folded name of a failed sign-in is for the limits alone
UNSAID = frozenset({
    "account", "share", "misses", "false_alarms", "move", "node", "score", "scores", "passed", "marks", "mark",
})  # fmt: skip
SHOWN_APART = frozenset({"person_id", "officer", "recipient_id", "country"})
PLACES = frozenset({"reach", "agency_id", "roles"})  # what tells of a country, beside the country
COUNTED = "entries"  # of a verification: the number of the last entry
OTHERS = ("who", "about", "people", "first_id", "second_id")  # further people, of whatever country
NARROWS = ("kind", "since", "until", "who", "about")
HEADS = ("entry", "at", "event", "by", "about", "thing", "country", "request", "details")
Labels = Mapping[tuple[UUID, date], str]  # how somebody is called in an entry of a day


def is_administrator(actor: Actor) -> bool:
    """Say whether the reader sees all entries, and ids in them."""
    return allows(actor, Action.SEE_TRAIL, ALL_COUNTRIES)


def damaged(verified: Verified | None) -> int | None:
    """Return the number of the entry that a verification called damaged, None when none did."""
    return verified.fault.entry if verified and verified.fault else None


def listing(
    found: Sequence[ChainEntry], actor: Actor, form: TrailForm, today: date, marked: int | None
) -> dict[str, Any]:
    """Return a page of the trail; `found` holds one more than a page when there are more.

    `marked` is the number of the one entry that shows it: numbers would tell what is left out between two.
    """
    shown, more = as_seen(found[:PAGE], actor), len(found) > PAGE
    names = labels(shown, actor, today)
    here = narrowing(form)
    behind = queries.reached(shown, None if form.before.errors else form.reached()) if more else None
    return {
        "entries": [_row(line, actor, names, marked) for line in shown],
        "numbered": is_administrator(actor),
        "narrowed": bool(here),
        "first": url_for("operations.show_audit_log", **here) if form.before.data else "",
        "onward": url_for("operations.show_audit_log", **here, before=write_reached(*behind)) if behind else "",
        "file_href": url_for("operations.export_audit_log", **here),
        "all_href": url_for("operations.show_audit_log"),
    }


def narrowing(form: TrailForm) -> dict[str, Any]:
    """Return what narrows the list, as the address holds it."""
    return {name: str(form[name].data) for name in NARROWS if form[name].data and not form[name].errors}


def labels(lines: Sequence[ChainEntry], actor: Actor, today: date) -> Labels:
    """Return how people are called: their ids for administrators, else aliases of the own country alone.

    Of the own country are those who serve there or served there last, in entries of days when they did: who came from
    elsewhere did there what is nobody's business here.
    """
    days = {(each, line.at.date()) for line in lines for each in (line.actor_id, line.person_id) if each is not None}
    if is_administrator(actor):
        return {(each, day): str(each) for each, day in days}
    spans = postings.postings({each for each, _day in days})
    here = {each: stays(found, actor.country, today) for each, found in spans.items()}
    own = {(each, day) for each, day in days if any(since <= day < until for since, until in here.get(each, ()))}
    names = accounts.names({each for each, _day in own})
    return {(each, day): names[each] for each, day in own}


def stays(spans: Sequence[PostingSpan], country: str, today: date) -> list[Stay]:
    """Return from which days until before which somebody with these postings belongs to the trail of a country.

    They do who serve there or served there last, not for the time of a posting elsewhere.
    """
    begun = [span for span in spans if span.since <= today]
    if not begun or begun[-1].country != country:
        return []
    changes = [span.since for span in begun[1:]]
    turns = zip(begun, [date.min, *changes], [*changes, date.max], strict=True)
    return [(since, until) for span, since, until in turns if span.country == country]


def as_seen(lines: Sequence[ChainEntry], actor: Actor) -> list[ChainEntry]:
    """Return entries as their reader may see them: to an administrator no entry of a person tells the country.

    Neither does who did it, nor whom else it names, where both serve or served in one country: a contact point is known
    to be of one. An invitation leads to the contact point who made it, so where it names a person or what the invited
    one did, it is left out, too. So it is with everybody: who is under threat would be found by what is missing.
    """
    if not is_administrator(actor):
        return list(lines)  # all of the own country
    told = [msgspec.json.decode(line.facts) for line in lines]
    served = _served(lines, told)
    return [_of_nowhere(line, facts, served) for line, facts in zip(lines, told, strict=True)]


def _served(lines: Sequence[ChainEntry], told: Sequence[Mapping[str, Any]]) -> Mapping[UUID, set[str]]:
    """Return in which countries those serve and served whom these entries name."""
    ids = {each for line in lines for each in (line.person_id, line.actor_id) if each}
    ids.update(read for facts in told for name in OTHERS for one in _each(facts.get(name)) if (read := read_id(one)))
    spans = postings.postings(ids)
    return {one: {span.country for span in found} for one, found in spans.items()}


def _each(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _of_nowhere(line: ChainEntry, told: Mapping[str, Any], served: Mapping[UUID, set[str]]) -> ChainEntry:
    here = {one for one in (line.person_id, line.actor_id) if one is not None}
    countries = set[str]().union(*(served.get(one, set()) for one in here))
    kept = {name: value for name, value in told.items() if not _tells(line, name)}
    for name in set(OTHERS) & set(kept):
        kept[name] = _strangers(kept[name], here, {one for one, found in served.items() if found & countries})
    of_a_country = str(line.thing_id) in told.values() and str(line.thing_id) not in kept.values()
    found = line._replace(thing_id=None if of_a_country else line.thing_id, facts=msgspec.json.encode(kept).decode())
    if not here:
        return found
    found = found._replace(country=None)
    if line.person_id is None or line.actor_id is None or line.person_id == line.actor_id:
        return found
    together = served.get(line.person_id, set()) & served.get(line.actor_id, set())
    return found._replace(actor_id=HIDDEN, request_id="") if together else found


def _tells(line: ChainEntry, name: str) -> bool:
    """Say whether a fact, whatever it is, tells the country of somebody or how many entries are left out."""
    if name == queries.INVITATION:
        return line.person_id is not None or line.actor_id is None
    if name in PLACES:
        return line.person_id is not None or line.actor_id is not None
    return name == COUNTED or name in queries.TELLING


def _strangers(value: Any, here: Collection[UUID], countrymen: Collection[UUID]) -> Any:
    """Return of one or several people those who are not of the same country as these, or are these themselves."""
    away = {str(one) for one in countrymen if one not in here}
    if isinstance(value, list):
        return [one for one in value if one not in away]
    return None if value in away else value


def portions(app: Flask, locale: str, reader: Actor, sought: AuditFilter) -> Iterator[Row]:
    """Yield all entries as rows of a file."""
    return (row for _line, row in _written(app, locale, reader, sought))


def report(app: Flask, locale: str, reader: Actor, person_id: UUID, since: datetime) -> Iterator[Row]:
    """Yield what an account saw and did since a moment: reads of others, sign-ins, changes, not what it learned.

    Whoever it saw or changed of its own country is not named: the report of a contact point would sort ids by country.
    Such entries are counted, by day and kind: by its time each would be found again in the trail, beside the person.
    """
    day, kinds, said = "", Counter[str](), ""
    for line, row in _written(app, locale, reader, AuditFilter(since=since, who=person_id, without=OFFICERS_OWN)):
        if line.at.date().isoformat() != day:
            yield from _counted(day, kinds, person_id, said)
            day, kinds = line.at.date().isoformat(), Counter()
        if line.actor_id == HIDDEN:
            kinds[line.name] += 1
            said = str(row[HEADS.index("by")])
        else:
            yield row
    yield from _counted(day, kinds, person_id, said)


def _counted(day: str, kinds: Mapping[str, int], person_id: UUID, said: str) -> Iterator[Row]:
    for name, times in sorted(kinds.items()):
        yield "", day, name, str(person_id), said, "", "", "", f"times: {times}"


def _written(app: Flask, locale: str, reader: Actor, sought: AuditFilter) -> Iterator[tuple[ChainEntry, Row]]:
    """Yield all entries, a portion at a time: memory stays flat, and no reading lasts longer than a portion."""
    after: Reached | None = None
    while True:
        with app.app_context(), force_locale(locale):
            found = queries.page(reader, sought, after=after, size=PORTION)
            names, marked = labels(found, reader, clock.today()), damaged(queries.last_fault())
            rows = [(line, file_row(line, reader, names, marked)) for line in as_seen(found, reader)]
        yield from rows
        if len(found) < PORTION:
            return
        after = queries.reached(found, after)


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
        "; ".join(_details(line, actor, whole=True)),
    )


def _row(line: ChainEntry, actor: Actor, names: Labels, marked: int | None) -> dict[str, Any]:
    return {
        "number": line.id if line.id == marked and is_administrator(actor) else "",
        "at": line.at,
        "event": events.name(line.name),
        "by": _person(line.actor_id, line.at.date(), actor, names, "who"),
        "about": _person(line.person_id, line.at.date(), actor, names, "about"),
        "thing": _thing(line.thing_id),
        "country": country_name(line.country) if line.country else "",
        "details": _details(line, actor, whole=False),
    }


def _person(person_id: UUID | None, day: date, actor: Actor, names: Labels, narrows: str) -> dict[str, str] | None:
    if person_id is None:
        return None
    if person_id == HIDDEN:
        return {"text": _("Person of the same country"), "href": ""}
    label = names.get((person_id, day))
    if label is None:  # an id, even a short one, would tell a foreigner from others
        return {"text": _("Outside your country"), "href": ""}
    text = label[:SHORT] if is_administrator(actor) else label
    here: dict[str, Any] = {narrows: str(person_id)}
    return {"text": text, "href": url_for("operations.show_audit_log", **here)}


def _thing(thing_id: UUID | None) -> dict[str, str] | None:
    if thing_id is None:
        return None
    return {"text": str(thing_id)[:SHORT], "href": url_for("operations.show_audit_log", about=str(thing_id))}


def _called(person_id: UUID | None, day: date, names: Labels) -> str:
    if person_id == HIDDEN:
        return _("Person of the same country")
    return "" if person_id is None else names.get((person_id, day), _("Outside your country"))


def _details(line: ChainEntry, actor: Actor, *, whole: bool) -> list[str]:
    """Return what an entry tells beside its own columns, each as a name and a value; ids to administrators alone.

    `whole`: for a file, with whole ids and the names and values of the code; else in the reader's words.
    """
    told: dict[str, Any] = msgspec.json.decode(line.facts)
    signs = 0 if not is_administrator(actor) else None if whole else SHORT
    said = {name: _value(value, signs) for name, value in told.items() if name not in UNSAID | SHOWN_APART}
    thing = _value(str(line.thing_id), signs)
    shown = {name: text for name, text in said.items() if text and text != thing}
    if whole:
        return [f"{_words(name)}: {text}" for name, text in shown.items()]
    return [facts.sentence(line.name, name, told[name], shown[name]) for name in facts.ordered(shown)]


def _words(name: str) -> str:
    return name.removesuffix("_id").replace("_", " ")


def _value(value: Any, signs: int | None) -> str:
    """Return a value as text, an id cut to so many signs."""
    if isinstance(value, list):
        return ", ".join(filter(None, (_value(each, signs) for each in value)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "" if value is None else str(value)
    return text if read_id(text) is None else text[:signs]
