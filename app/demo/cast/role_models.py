"""Two officers for each role of the framework: verified in the first-year core, and with verifications that lapse."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.demo.cast.roster import FIRST, Player

ROLES = (
    "first_responder", "investigator", "digital_investigator", "victim_liaison", "prosecutor_liaison", "trainer",
    "single_point_of_contact",
)  # fmt: skip
AGENCIES = 2  # of the first country, in turn


@dataclass(frozen=True, slots=True)
class RoleModel:
    """An officer with one role of the framework, who is verified in its core or whose verifications lapse."""

    player: Player
    role: str
    is_verified: bool


def role_models() -> Sequence[RoleModel]:
    """Return the officers in the order of the roles, first the verified ones."""
    return [
        RoleModel(_player("Verified officer" if is_verified else "Lapsing officer", number, role), role, is_verified)
        for is_verified in (True, False)
        for number, role in enumerate(ROLES, 1)
    ]


def _player(title: str, number: int, role: str) -> Player:
    word = title.split(maxsplit=1)[0]
    return Player(
        alias=f"{title} {number}",
        name=f"Fictional {word} {number}",
        mail=f"{word.lower()}{number}@example.org",
        country=FIRST,
        agency=number % AGENCIES,
        roles=(role,),
        language="en",
    )
