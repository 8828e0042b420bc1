"""The rule which second person may approve an export above the daily limit of a user; for `service.export`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SecondPerson:
    """A possible second person, in relation to the requester."""

    coordinator: bool
    decides: bool  # a contact point of the country, and no deputy
    chosen_by_requester: bool = False  # has a role or the account from the requester
    chose_requester: bool = False  # the requester has a role or the account from this person


def may_agree(second: SecondPerson) -> bool:
    """Return whether this person may approve: not if chosen by the requester, and no deputy.

    A contact point cannot approve the request of the own deputy; a coordinator may, who invites contact points.
    """
    if second.chosen_by_requester:
        return False
    return second.coordinator or (second.decides and not second.chose_requester)
