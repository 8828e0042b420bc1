"""Rows of accounts, identities, postings and roles, by the rules of `identity`; for `flask populate` and `crowd`."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from app.access.policy import Role, Scope
from app.db import blind_index
from app.demo.cast.roster import Player
from app.demo.rows.activity import RowWriter
from app.identity.domain.alias_order import alias_key
from app.identity.domain.people import Appearance, MailRhythm, PersonState
from app.identity.events import PersonAdded, RoleGranted


class PostingCountries(dict[UUID, tuple[date, str]]):
    """The first day and the country of officers, in memory because the audit log needs many of them."""

    def on(self, ids: Collection[UUID], day: date) -> dict[UUID, str]:
        """Return the countries of officers who serve on a day."""
        return {person_id: country for person_id in ids for since, country in (self[person_id],) if since <= day}


def write_account(writer: RowWriter, person_id: UUID, player: Player, password_hash: str, since: datetime) -> None:
    """Write an account with its identity."""
    writer.rows.add(
        "person",
        id=person_id,
        alias=player.alias,
        alias_key=alias_key(player.alias),
        state=PersonState.ACTIVE,
        password_hash=password_hash,
        language=player.language,
        appearance=Appearance.DEVICE,
        mail_rhythm=MailRhythm.WEEKLY,
        time_zone=player.time_zone,
        created_at=since,
    )
    mail_index = blind_index.index("mail", player.mail)
    writer.rows.add("identity", person_id=person_id, name=player.name, mail=player.mail, mail_index=mail_index)
    for token in blind_index.tokens(player.country, player.name):
        writer.rows.add("name_token", person_id=person_id, token=token)


def write_posting(writer: RowWriter, person_id: UUID, player: Player, agency_id: UUID, since: datetime) -> None:
    """Write a posting and the role of a practitioner, with their events."""
    day = since.date()
    writer.rows.add(
        "posting",
        id=writer.new_id(),
        person_id=person_id,
        country=player.country,
        agency_id=agency_id,
        roles=" ".join(player.roles),
        since=day,
    )
    role, scope = Role.PRACTITIONER, Scope.SELF
    writer.rows.add("role_grant", id=writer.new_id(), person_id=person_id, role=role, scope=scope, since=day)
    writer.add_event(PersonAdded(at=since, person_id=person_id, country=player.country))
    writer.add_event(
        RoleGranted(
            at=since, person_id=person_id, role=role, scope=scope, reach="", since=day, until=None, deputy=False
        )
    )
