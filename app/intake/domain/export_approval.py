"""The second person of an export: who may agree that somebody takes more people along than one may alone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Second:
    """Who would agree, as seen from whoever asks."""

    coordinator: bool
    decides: bool  # a contact point of the country, and no deputy
    made: bool = False  # owes a role or the account to whoever asks
    maker: bool = False  # whoever asks owes theirs to this one


def may_agree(second: Second) -> bool:
    """Say whether this one may agree: nobody whom the one who asks chose, and no deputy, who was chosen by a colleague.

    A contact point does not let the own deputy ask, either; a coordinator invites contact points and agrees still.
    """
    if second.made:
        return False
    return second.coordinator or (second.decides and not second.maker)
