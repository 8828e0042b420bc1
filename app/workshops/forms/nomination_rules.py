"""Form with the rules of a nominated event: countries and seats, days, offers, go or no go, observers."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import DateField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.web.forms import Form, OneOfField, SomeOfField
from app.workshops.domain.drafts import MOST_SEATS
from app.workshops.domain.events import Unanswered
from app.workshops.domain.nomination_drafts import MOST_OBSERVERS, MOST_OFFER_DAYS
from app.workshops.domain.phases import NominationRules

FIELDS = frozenset(
    {
        "countries", "guaranteed", "opens", "deadline", "offer_days", "unanswered", "reallocation", "minimum",
        "decide_by", "withdraw_by", "observers",
    }
)  # fmt: skip
START: dict[str, object] = {
    "guaranteed": 1,
    "offer_days": 7,
    "unanswered": str(Unanswered.PASS_ON),
    "minimum": 0,
    "observers": 0,
}


def _number(label: object, first: int, last: int) -> IntegerField:
    message = _("Enter a number from %(first)s to %(last)s.", first=first, last=last)
    return IntegerField(label, [InputRequired(message), NumberRange(first, last, message=message)])


class NominationForm(Form):
    """The rules of a nominated event; the service checks how they fit together."""

    countries = SomeOfField(_("Invited countries"))
    guaranteed = _number(_("Guaranteed seats for each country"), 0, MOST_SEATS)
    opens = DateField(_("Nominations open on"), [InputRequired(_("Enter the day on which nominations open."))])
    deadline = DateField(_("Last day of nominations"), [InputRequired(_("Enter the last day of nominations."))])
    offer_days = _number(_("Days to answer an offer"), 1, MOST_OFFER_DAYS)
    unanswered = OneOfField(
        _("If no answer comes in time"),
        [
            (Unanswered.PASS_ON, _("The offer expires, and the next person of the waiting list gets it")),
            (Unanswered.KEEP_ASKING, _("The offer stays open until free seats are shared again")),
        ],
    )
    reallocation = DateField(_("Free seats are shared again on"), [Optional()])
    minimum = _number(_("Minimum number of participants"), 0, MOST_SEATS)
    decide_by = DateField(_("Last day to decide whether the event takes place"), [Optional()])
    withdraw_by = DateField(_("Last day to withdraw without a reason"), [Optional()])
    observers = _number(_("Observers"), 0, MOST_OBSERVERS)

    def offer(self, countries: Iterable[tuple[str, str]]) -> None:
        """Set the countries to choose from."""
        self.countries.offer(countries)

    def rules(self) -> NominationRules:
        """Return the rules to save."""
        return NominationRules(
            opens=self.opens.data,
            deadline=self.deadline.data,
            reallocation=self.reallocation.data,
            guaranteed=self.guaranteed.data,
            countries=tuple(self.countries.data or ()),
            offer_days=self.offer_days.data,
            unanswered=Unanswered(self.unanswered.data),
            minimum=self.minimum.data,
            decide_by=self.decide_by.data,
            withdraw_by=self.withdraw_by.data,
            observers=self.observers.data,
        )


def values_of(rules: NominationRules) -> dict[str, object]:
    """Return the values of the fields for saved rules."""
    return {
        "opens": rules.opens,
        "deadline": rules.deadline,
        "reallocation": rules.reallocation,
        "guaranteed": rules.guaranteed,
        "countries": list(rules.countries),
        "offer_days": rules.offer_days,
        "unanswered": str(rules.unanswered),
        "minimum": rules.minimum,
        "decide_by": rules.decide_by,
        "withdraw_by": rules.withdraw_by,
        "observers": rules.observers,
    }
