"""Search the people of the actor's country by name, alias, work mail or service number, for `/people`.

All but the alias is compared by blind index, so that no name is decrypted. The search text is not stored.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select, union_all

from app.access import visibility
from app.access.policy import Actor
from app.access.visibility import IdentityField, OfficerVisibility, Viewer
from app.db import blind_index
from app.directory.queries import people
from app.directory.queries.people import PeopleFilter, PersonLine
from app.identity.models import Identity, NameToken, Person
from app.kernel.folding import fold

MOST = 20


@dataclass(frozen=True, slots=True)
class PersonMatch:
    """The people that match a search, at most 20 by alias; `alike`: only the beginnings of the names match."""

    people: list[PersonLine]
    more: bool = False
    alike: bool = False


def find(actor: Actor, text: str, today: date, sought: PeopleFilter) -> PersonMatch:
    """Return the people of the own country that match a search and the filter.

    A name matches by its whole words in any order; if none does, by the first three letters of each word.
    """
    if "@" in text:
        by_mail = select(Identity.person_id).where(Identity.mail_index == blind_index.index("mail", text))
        return _match(actor, by_mail, today, sought)
    tokens = blind_index.word_tokens(actor.country, text)
    whole, starts = {pair[0] for pair in tokens}, {pair[1] for pair in tokens}
    match = _match(actor, _by_any(text, whole), today, sought)
    if match.people or starts == whole:
        return match
    return _match(actor, _by_name(starts), today, sought, alike=True)


def _match(actor: Actor, among: Select[UUID], today: date, sought: PeopleFilter, *, alike: bool = False) -> PersonMatch:
    lines = people.of_country(actor.country, today, sought, among=among, size=MOST)
    shown = [line for line in lines[:MOST] if _sees_name(actor, line)]
    return PersonMatch(shown, more=len(lines) > MOST, alike=alike and bool(shown))


def _sees_name(actor: Actor, line: PersonLine) -> bool:
    """Return whether the contact point may see the name; otherwise a match by name would reveal it."""
    officer = OfficerVisibility(actor.country, protected=line.protected)
    return IdentityField.NAME in visibility.visible_fields(Viewer.CONTACT_POINT, actor.country, officer)


def _by_name(tokens: Collection[str]) -> Select[UUID]:
    """Return the query for people with all of these tokens in the name."""
    return (
        select(NameToken.person_id)
        .where(NameToken.token.in_(sorted(tokens)))
        .group_by(NameToken.person_id)
        .having(func.count() == len(tokens))
    )


def _by_any(text: str, tokens: Collection[str]) -> Select[UUID]:
    """Return the query for people with this alias or service number, or all of these tokens in the name."""
    # a number may be typed in the figures of another script
    numbers = sorted({blind_index.index("service", text), blind_index.index("service", fold(text))})
    aliases = sorted({text, text.capitalize(), text.title()})
    called = select(Person.id.label("person_id")).where(Person.alias.in_(aliases))
    numbered = select(Identity.person_id).where(Identity.service_index.in_(numbers))
    either = union_all(_by_name(tokens), called, numbered).subquery()
    return select(either.c.person_id)
