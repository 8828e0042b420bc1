"""View models of `/people/<id>/access`: restore access, confirm an address, close an account."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from app.access import people_rules
from app.access.labels import ROLES
from app.access.people_rules import Helper
from app.access.policy import Actor, Role
from app.i18n.babel import joined
from app.kernel import clock
from app.recovery import queries
from app.recovery.domain import Account
from app.recovery.forms import CloseAccountForm, RestoreAccessForm
from app.recovery.queries import AccessRequest
from app.sign_in.queries import factors
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAccessPage(Page):
    """The ways to help a person with the account."""

    template: ClassVar[str] = "recovery/access.html"
    person_id: UUID
    alias: str
    country: str
    roles: str
    form: RestoreAccessForm
    recently_authenticated: bool
    devices: int
    has_valid_code: bool
    needs_two: bool
    lacks_administrators: bool
    is_second: bool  # another administrator has already met the person
    own_request_ends_at: datetime | None
    sees_name: bool
    can_close: bool
    address_change_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmAddressPage(Page):
    """The form that confirms a change of address in place of the old mailbox."""

    template: ClassVar[str] = "recovery/access_address.html"
    person_id: UUID
    alias: str
    form: RestoreAccessForm
    recently_authenticated: bool
    address_change_open: bool
    sees_name: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseAccountPage(Page):
    """The consequences of closing an account."""

    template: ClassVar[str] = "recovery/access_closing.html"
    person_id: UUID
    alias: str
    form: CloseAccountForm
    recently_authenticated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetCodePage(Page):
    """The code that the helper hands over, shown once."""

    template: ClassVar[str] = "recovery/access_code.html"
    person_id: UUID
    alias: str
    code: str


def account_access_page(
    actor: Actor, account: Account, form: RestoreAccessForm, *, recently_authenticated: bool
) -> AccountAccessPage:
    """Return the view model of the ways to help with an account."""
    now = clock.real_now()
    needs_two = account.helper is Helper.TWO_ADMINISTRATORS
    request = queries.open_request(account.person_id, now) if needs_two else None
    own = request is not None and request.asked_by == actor.id
    return AccountAccessPage(
        person_id=account.person_id,
        alias=account.alias,
        country=_visible_country(account),
        roles=joined([str(ROLES[role]) for role in Role if role in account.roles]),
        form=form,
        recently_authenticated=recently_authenticated,
        devices=len(factors.devices(account.person_id, now)),
        has_valid_code=factors.has_open_reset_code(account.person_id, now),
        needs_two=needs_two,
        lacks_administrators=needs_two and not queries.helpers(account.person_id, clock.today())[1],
        is_second=request is not None and not own,
        own_request_ends_at=_end_of_own_request(request, actor),
        sees_name=account.helper is Helper.CONTACT_POINT,
        can_close=people_rules.can_close(actor, account),
        address_change_open=not needs_two and queries.waits_for_the_old_mailbox(account.person_id, now),
    )


def confirm_address_page(
    account: Account, form: RestoreAccessForm, *, recently_authenticated: bool
) -> ConfirmAddressPage:
    """Return the view model of confirming a change of address in place of the old mailbox."""
    return ConfirmAddressPage(
        person_id=account.person_id,
        alias=account.alias,
        form=form,
        recently_authenticated=recently_authenticated,
        address_change_open=queries.waits_for_the_old_mailbox(account.person_id, clock.real_now()),
        sees_name=account.helper is Helper.CONTACT_POINT,
    )


def _end_of_own_request(request: AccessRequest | None, actor: Actor) -> datetime | None:
    return request.ends_at if request is not None and request.asked_by == actor.id else None


def _visible_country(account: Account) -> str:
    """Return the country for the own contact point, or "": that of a protected person is visible to no other helper."""
    return account.country if account.helper is Helper.CONTACT_POINT else ""
