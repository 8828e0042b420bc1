"""Create countries, agencies, staff and officers of the demonstration with services, at their time of arrival."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from app.access.policy import Role, Scope
from app.db.session import transaction
from app.demo.cast import careers, roster
from app.demo.cast.roster import Player
from app.demo.history.timeline import TimedAction, as_of
from app.directory.service import country_settings
from app.identity import service as identity_service
from app.identity.service import NewPerson
from app.kernel import clock
from app.rights.service import roles, supervision

Agencies = dict[tuple[str, int], UUID]
TOUR = timedelta(days=150)  # how long ago the officers of the tour arrived
EARLY_ARRIVALS = 1.7  # many officers arrive early, so that the workshops of spring have participants
WITHOUT_EXACT_COUNTS = frozenset({"DE"})  # coordinators read its counts in bands
HIDE_THEIR_COUNTRY = ("3", "6", "9")  # last characters of aliases: about a third of the officers


def add_agencies() -> Agencies:
    """Add countries and agencies. Return the ids of the agencies by country and index."""
    ids: Agencies = {}
    with transaction():
        for code, zone in roster.ZONES.items():
            identity_service.add_country(code, zone)
            country_settings.set_help(code, roster.HELP, clock.today())
            country_settings.agree_to_exact_counts(code, agreed=code not in WITHOUT_EXACT_COUNTS)
        for agency in roster.agencies():
            ids[agency.country, agency.index] = identity_service.add_agency(agency.country, agency.kind, agency.name)
    return ids


@dataclass(frozen=True, slots=True)
class Staff:
    """The ids of the staff in the order of `roster.staff()`, and the two trainers who publish courses."""

    ids: tuple[UUID, ...]
    trainers: tuple[UUID, UUID]

    def by_alias(self) -> dict[str, UUID]:
        """Return the ids by alias."""
        return {player.alias: person_id for person_id, player in zip(self.ids, roster.staff(), strict=True)}


@dataclass(frozen=True, slots=True)
class DemoOfficer:
    """A practitioner of the demonstration and the time of arrival."""

    id: UUID
    player: Player
    since: datetime


def add_staff(password_hash: str, now: datetime) -> tuple[Agencies, Staff]:
    """Add countries, agencies and the staff of the academy."""
    agencies = add_agencies()
    players = roster.staff()
    ids = tuple(add_player(player, agencies, password_hash, now) for player in players)
    by_alias = {player.alias: person_id for person_id, player in zip(ids, players, strict=True)}
    return agencies, Staff(ids, (by_alias["Trainer 1"], by_alias["Trainer 2"]))


def assign_trainers(trainers: Sequence[UUID], courses: Sequence[UUID], now: datetime) -> None:
    """Assign trainers to these courses."""
    for trainer in trainers:
        with as_of(now), transaction():
            for course_id in courses:
                roles.add_role(trainer, Role.TRAINER, scope=Scope.COURSE, reach=str(course_id), since=now.date())


def add_player(player: Player, agencies: Agencies, password_hash: str, now: datetime) -> UUID:
    """Add a person with the roles of the player in one transaction, and return the id."""
    new = NewPerson(
        alias=player.alias,
        name=player.name,
        mail=player.mail,
        password_hash=password_hash,
        country=player.country,
        agency_id=agencies[player.country, player.agency],
        roles=player.roles,
        language=player.language,
        time_zone=player.time_zone,
        shows_country=not player.alias.endswith(HIDE_THEIR_COUNTRY),
    )
    with as_of(now), transaction():
        person_id = identity_service.add_person(new, now)
        for grant in player.grants:
            roles.add_role(person_id, grant.role, scope=grant.scope, reach=grant.reach, since=now.date())
    return person_id


def add_officers(
    players: Sequence[Player], agencies: Agencies, *, password_hash: str, start: datetime, now: datetime, random: Random
) -> list[DemoOfficer]:
    """Add officers who arrive one by one after `start`; the first ones are those of the tour."""
    officers = []
    for number, player in enumerate(players, 1):
        since = now - TOUR if number <= len(roster.TOUR) else careers.joined(start, now, random, haste=EARLY_ARRIVALS)
        officers.append(DemoOfficer(add_player(player, agencies, password_hash, since), player, since))
    return officers


def supervisor_assignments(officers: Sequence[DemoOfficer], staff: Mapping[str, UUID]) -> Iterator[TimedAction]:
    """Return the assignments of officers of the first country to its supervisor, by its contact point."""
    by, chief = staff["Contact point 1"], staff["Supervisor 1"]
    for officer in officers:
        if officer.player.country == roster.FIRST:
            action = partial(supervision.assign, officer.id, chief, officer.since.date())
            yield TimedAction(officer.since, by, action)
