"""Reserved aliases: texts that name a role of the academy, allowed only for people with that role."""

from collections.abc import Mapping, Set
from functools import cache

from app.access.policy import Role
from app.identity.domain.lookalikes import lookalike_keys

# in English, French and Arabic, anywhere in an alias, in whatever script or spelling looks like them
NAMES: Mapping[Role, tuple[str, ...]] = {
    Role.CONTACT_POINT: (
        "contact point", "point de contact", "point focal", "focal point", "نقطة الاتصال", "نقطة اتصال",
    ),
    Role.COORDINATOR: (
        "coordinator", "coordinateur", "coordinatrice", "coordonnateur", "coordonnatrice", "secretariat", "منسق",
        "الأمانة", "السكرتارية",
    ),
    Role.ADMINISTRATOR: (
        "administrator", "administrateur", "administratrice", "مدير المنصة", "مدير النظام", "مسؤول النظام",
        "مسؤول المنصة",
    ),
    Role.TRAINER: ("trainer", "formateur", "formatrice", "مدرب"),
    Role.ASSESSOR: ("assessor", "évaluateur", "évaluatrice", "مقيّم"),
    Role.SUPERVISOR: ("supervisor", "superviseur", "supérieur hiérarchique", "مشرف"),
    Role.INVIGILATOR: ("invigilator", "مراقب الاختبار"),
    Role.CO_CHAIR: ("co-chair", "coprésidence", "coprésident", "الرئيس المشارك"),
}  # fmt: skip
# too short to be looked for within a word
WHOLE_WORDS: Mapping[Role, tuple[str, ...]] = {Role.ADMINISTRATOR: ("admin", "admins")}
# a role of the framework whose title names a role of the academy, too
OF_POSTINGS: Mapping[str, Role] = {"trainer": Role.TRAINER}


def names_role(alias: str) -> frozenset[Role]:
    """Return the roles that an alias names or seems to name."""
    whole = lookalike_keys(alias)
    word_looks = frozenset[str]().union(*(lookalike_keys(word.strip("0123456789")) for word in alias.split()))
    named = {role for role, texts in _looks(NAMES).items() if any(text in look for text in texts for look in whole)}
    return frozenset(named | {role for role, texts in _looks(WHOLE_WORDS).items() if texts & word_looks})


def is_reserved(alias: str, roles: Set[Role], postings: Set[str] = frozenset()) -> bool:
    """Return whether an alias names roles of which this person has none; `postings` are roles of the framework."""
    named = names_role(alias)
    own = set(roles) | {OF_POSTINGS[posting] for posting in postings if posting in OF_POSTINGS}
    return bool(named) and named.isdisjoint(own)


def _looks(names: Mapping[Role, tuple[str, ...]]) -> Mapping[Role, frozenset[str]]:
    return {role: frozenset[str]().union(*(_look(text) for text in texts)) for role, texts in names.items()}


@cache
def _look(text: str) -> frozenset[str]:
    return lookalike_keys(text)
