"""Short choices of diet and access needs: no free text, so that no diagnosis is written down."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Diet(StrEnum):
    VEGETARIAN = "vegetarian"
    VEGAN = "vegan"
    HALAL = "halal"
    KOSHER = "kosher"
    NO_GLUTEN = "no_gluten"
    NO_MILK = "no_milk"
    NO_NUTS = "no_nuts"
    ASK_ME = "ask_me"  # something else: the staff ask in person


class AccessNeed(StrEnum):
    STEP_FREE = "step_free"
    HEARING = "hearing"
    SIGHT = "sight"
    QUIET_ROOM = "quiet_room"  # to rest, to pray, to feed a child
    BREAKS = "breaks"
    ASK_ME = "ask_me"


@dataclass(frozen=True, slots=True)
class DietAndAccess:
    """The needs of a participant, in the order of the choices."""

    diet: tuple[Diet, ...] = ()
    access: tuple[AccessNeed, ...] = ()

    def __bool__(self) -> bool:
        """Return whether there is a need."""
        return bool(self.diet or self.access)


NO_NEEDS = DietAndAccess()


def needs_of(diet: Iterable[str], access: Iterable[str]) -> DietAndAccess:
    """Return the needs of stored or submitted values; values that are no choice are left out."""
    chosen_diet, chosen_access = set(diet), set(access)
    return DietAndAccess(
        tuple(value for value in Diet if value in chosen_diet),
        tuple(value for value in AccessNeed if value in chosen_access),
    )


@dataclass(frozen=True, slots=True)
class NeedCounts:
    """How many participants of an event have each need."""

    diet: tuple[tuple[Diet, int], ...]
    access: tuple[tuple[AccessNeed, int], ...]


def counts(all_needs: Iterable[DietAndAccess]) -> NeedCounts:
    """Return the number of participants by need, without needs that no participant has."""
    listed = list(all_needs)
    diet = Counter(value for needs in listed for value in needs.diet)
    access = Counter(value for needs in listed for value in needs.access)
    return NeedCounts(
        tuple((value, diet[value]) for value in Diet if diet[value]),
        tuple((value, access[value]) for value in AccessNeed if access[value]),
    )
