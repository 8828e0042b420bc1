"""Finding a person of a country by name, alias, work mail or service number.

All but the alias is found by blind index, so that no name is read for it.

What was typed is kept nowhere.
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
    """Whom something typed means, at most 20 by alias; `alike`: nobody is called so, their names begin as it does."""

    people: list[PersonLine]
    more: bool = False
    alike: bool = False


def find(actor: Actor, text: str, today: date, sought: PeopleFilter) -> PersonMatch:
    """Return whom a contact point means among the people of the own country, within what narrows their list.

    A name is found by its whole words in any order; where nobody is called so, by the first three letters of each.
    """
    if "@" in text:
        return _found(actor, _by_mail(text), today, sought)
    words = blind_index.words(actor.country, text)
    whole, starts = {pair[0] for pair in words}, {pair[1] for pair in words}
    found = _found(actor, _by_any(text, whole), today, sought)
    if found.people or starts == whole:
        return found
    return _found(actor, _by_name(starts), today, sought, alike=True)


def _found(actor: Actor, among: Select[UUID], today: date, sought: PeopleFilter, *, alike: bool = False) -> PersonMatch:
    lines = people.of_country(actor.country, today, sought, among=among, size=MOST)
    shown = [one for one in lines[:MOST] if _sees_name(actor, one)]
    return PersonMatch(shown, more=len(lines) > MOST, alike=alike and bool(shown))


def _sees_name(actor: Actor, one: PersonLine) -> bool:
    """Say whether the contact point learns how somebody is called: else to be found by name would tell of it."""
    officer = OfficerVisibility(actor.country, protected=one.protected)
    return IdentityField.NAME in visibility.visible_fields(Viewer.CONTACT_POINT, actor.country, officer)


def _by_mail(text: str) -> Select[UUID]:
    return select(Identity.person_id).where(Identity.mail_index == blind_index.index("mail", text))


def _by_name(tokens: Collection[str]) -> Select[UUID]:
    """Return the query for whose name has all of these tokens."""
    return (
        select(NameToken.person_id)
        .where(NameToken.token.in_(sorted(tokens)))
        .group_by(NameToken.person_id)
        .having(func.count() == len(tokens))
    )


def _by_any(text: str, tokens: Collection[str]) -> Select[UUID]:
    """Return the query for whoever has this alias or service number, or all of these tokens of a name."""
    # a number may be typed in the figures of another script
    numbers = sorted({blind_index.index("service", text), blind_index.index("service", fold(text))})
    aliases = sorted({text, text.capitalize(), text.title()})
    called = select(Person.id.label("person_id")).where(Person.alias.in_(aliases))
    numbered = select(Identity.person_id).where(Identity.service_index.in_(numbers))
    either = union_all(_by_name(tokens), called, numbered).subquery()
    return select(either.c.person_id)
