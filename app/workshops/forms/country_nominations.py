"""Read the forms of a contact point: ranked officers of a nomination, a reason to decline, a substitute."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy.exc import NoResultFound
from werkzeug.datastructures import MultiDict
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from app.kernel.invisible_characters import without_unseen
from app.web.forms import Form, OneOfField
from app.workshops.domain import ranking
from app.workshops.domain.allocation import CountedAs
from app.workshops.domain.nominations import NominationReason
from app.workshops.domain.ranking import MOST_NOMINATED, MOST_RANK, RankEntry
from app.workshops.service.nominations import MOST_CHARACTERS, RankedOfficer

E = TypeVar("E", NominationReason, CountedAs)
DEFAULT_REASON = NominationReason.NEED_OF_COUNTRY
MOST_SEARCH = 80  # characters of an alias
PAGES = 3


@dataclass(frozen=True, slots=True)
class NominationInput:
    """What a contact point entered: officers in their order, and what is looked for among the others."""

    officers: tuple[RankedOfficer, ...] = ()
    search: str = ""
    page: int = 1
    before: str = ""  # the ranked officers as the form was shown, to notice the change of a colleague


def nomination_input(values: MultiDict[str, str]) -> NominationInput:
    """Return what a form of nominations contains; raise NoResultFound for a text that is no id."""
    ticked = officer_ids(values)
    order = ranking.ordered([RankEntry(person_id, _rank(values, person_id)) for person_id in ticked])
    return NominationInput(
        officers=tuple(_officer(values, person_id) for person_id in _moved(order, values.get("move", ""))),
        search=search_text(values),
        page=page_number(values),
        before=values.get("before", ""),
    )


def officer_ids(values: MultiDict[str, str]) -> list[UUID]:
    """Return the officers of a form or an address, each once, at most one more than can be nominated."""
    try:
        return list(dict.fromkeys(UUID(value) for value in values.getlist("officer")[: MOST_NOMINATED + 1]))
    except ValueError as error:
        raise NoResultFound from error


def search_text(values: Mapping[str, str]) -> str:
    """Return the part of an alias that is looked for."""
    return (without_unseen(values.get("q", "")) or "").strip()[:MOST_SEARCH]


def page_number(values: MultiDict[str, str]) -> int:
    """Return the page of the candidates: of the pressed button, else of the form, else the first one."""
    text = (values.getlist("page") or [""])[-1]
    return min(int(text), PAGES) if text.isascii() and text.isdigit() and int(text) else 1


def fingerprint(people: Sequence[UUID]) -> str:
    """Return the ranked officers as one text."""
    return " ".join(person_id.hex for person_id in people)


def _rank(values: Mapping[str, str], person_id: UUID) -> int | None:
    text = values.get(f"rank-{person_id}", "").strip()
    return min(int(text), MOST_RANK) if text.isascii() and text.isdigit() and int(text[:9]) else None


def _officer(values: Mapping[str, str], person_id: UUID) -> RankedOfficer:
    return RankedOfficer(
        person_id=person_id,
        reason=_choice(values.get(f"reason-{person_id}", ""), NominationReason, DEFAULT_REASON),
        text=(without_unseen(values.get(f"text-{person_id}", "")) or "").strip()[:MOST_CHARACTERS],
        counted_as=_choice(values.get(f"counted-{person_id}", ""), CountedAs, CountedAs.NOT_SAID),
    )


def _choice(value: str, kind: type[E], default: E) -> E:
    return kind(value) if value in set(kind) else default


def _moved(order: list[UUID], move: str) -> list[UUID]:
    """Return the order after the press of a button that moves an officer, such as up:<id>."""
    direction, _colon, key = move.partition(":")
    item = next((person_id for person_id in order if str(person_id) == key), None)
    if item is None:
        return order
    return ranking.moved(order, item, -1 if direction == "up" else 1)


class DeclineNomineeForm(Form):
    """Why an officer is declined."""

    reason = TextAreaField(
        _("Reason"),
        [
            DataRequired(_("Say why the officer is declined.")),
            Length(max=MOST_CHARACTERS, message=_("Enter at most %(most)s characters.", most=MOST_CHARACTERS)),
        ],
    )


class SubstituteForm(Form):
    """The officer who replaces a person, and why."""

    officer = OneOfField(_("Substitute"), invalid_choice_message=_("Choose an officer."))
    reason = OneOfField(_("Reason"), default=DEFAULT_REASON.value)
    text = StringField(
        _("More about the reason, if needed"),
        [
            Optional(),
            Length(max=MOST_CHARACTERS, message=_("Enter at most %(most)s characters.", most=MOST_CHARACTERS)),
        ],
    )
    counted = OneOfField(_("Counted as"), default=CountedAs.NOT_SAID.value)

    def offer(
        self,
        officers: Iterable[tuple[str, object]],
        reasons: Iterable[tuple[str, object]],
        counted: Iterable[tuple[str, object]],
    ) -> None:
        """Set the values to choose from."""
        self.officer.offer(officers)
        self.reason.offer(reasons)
        self.counted.offer(counted)

    def chosen(self) -> RankedOfficer:
        """Return the substitute."""
        return RankedOfficer(
            person_id=UUID(self.officer.data),
            reason=NominationReason(self.reason.data),
            text=self.text.data or "",
            counted_as=CountedAs(self.counted.data),
        )
