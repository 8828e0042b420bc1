"""Rows about a person in the tables of people, postings and roles, for the archive of own data."""

from sqlalchemy import String, cast, func, select

from app.access.policy import Scope
from app.db.personal_data import PersonalDataTable
from app.identity.models import Agency, Identity, Person, Posting, RoleGrant

_AGENCY = select(Agency.name).where(Agency.id == Posting.agency_id).scalar_subquery()
# the agency all of whose officers a supervisor's role covers
_AGENCY_OF_ROLE = (
    select(Agency.name)
    .where(RoleGrant.scope == Scope.AGENCY, RoleGrant.reach == func.replace(cast(Agency.id, String), "-", ""))
    .scalar_subquery()
)
PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable(
        "account", "The account and its settings.", Person, (Person.id,), leave=("password_hash", "alias_key")
    ),
    PersonalDataTable(
        "identity",
        "Who you are, as only your contact point sees it.",
        Identity,
        (Identity.person_id,),
        leave=("mail_index", "service_index"),
    ),
    PersonalDataTable(
        "postings",
        "Where you serve and served, both days inclusive.",
        Posting,
        (Posting.person_id,),
        extra={"agency": _AGENCY},
    ),
    PersonalDataTable(
        "roles", "Your roles at the academy.", RoleGrant, (RoleGrant.person_id,), extra={"agency": _AGENCY_OF_ROLE}
    ),
)
