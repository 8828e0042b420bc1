"""An event as trainers and coordinators write it: its facts, its texts by language, its sessions as rows."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from itertools import pairwise

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, IntegerField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from app.access.policy import Sensitivity
from app.catalogue.domain.items import Level
from app.i18n.languages import INTERFACE
from app.web.forms import Form, OneOfField
from app.workshops.domain import drafts, times
from app.workshops.domain.drafts import NewSession, NewWorkshop
from app.workshops.domain.events import Format, SessionKind, WorkshopKind
from app.workshops.shapes import WorkshopFacts

SOURCE = drafts.SOURCE
OTHERS = tuple(code for code in INTERFACE if code != SOURCE)
OUTCOMES = 4  # rows for competencies
FIRST_ROWS, SPARE_ROWS = 6, 3  # rows for sessions: of a new event, and beside those that are there
_ROW = re.compile(r"session-([0-9]{1,3})-day")
_KINDS = {str(one): one for one in SessionKind}
_TEXTS = {"title": drafts.TITLE, "summary": drafts.SUMMARY, "practise": drafts.PRACTISE}


def _long(most: int) -> Length:
    return Length(max=most, message=_("Enter at most %(most)s characters.", most=most))


class DraftForm(Form):
    """The facts of an event and its English texts; sessions, outcomes and other languages stand in rows beside."""

    code = StringField(
        _("Code"),
        [
            InputRequired(_("Enter a code.")),
            Regexp(drafts.CODE, message=_("Use 2 to 20 capital letters, figures and hyphens, such as WS-2027-02.")),
        ],
    )
    kind = OneOfField(_("Kind"), [(WorkshopKind.WORKSHOP, _("Workshop")), (WorkshopKind.STUDY_VISIT, _("Study visit"))])
    sensitivity = OneOfField(
        _("Who may see it"),
        [
            (Sensitivity.LAW_ENFORCEMENT_ONLY, _("Law enforcement only")),
            (Sensitivity.UNRESTRICTED, _("Unrestricted")),
        ],
    )
    title = StringField(_("Title"), [DataRequired(_("Enter a title.")), _long(drafts.TITLE)])
    summary = TextAreaField(_("Summary"), [Optional(), _long(drafts.SUMMARY)])
    practise = TextAreaField(_("What is practised"), [Optional(), _long(drafts.PRACTISE)])
    form = OneOfField(
        _("Form"),
        [
            (Format.IN_PERSON, _("In person")),
            (Format.ONLINE, _("Online")),
            (Format.BLENDED, _("In person and online")),
        ],
    )
    host_country = OneOfField(_("Host country"))
    town = StringField(_("Town"), [Optional(), _long(drafts.TOWN)])
    venue = StringField(_("Venue"), [Optional(), _long(drafts.VENUE)])
    time_zone = StringField(_("Time zone"), [InputRequired(_("Enter a time zone, such as Europe/Sofia."))])
    booking_until = DateField(_("Booking until"), [InputRequired(_("Enter the last day for booking."))])
    capacity = IntegerField(
        _("Number of seats"),
        [
            InputRequired(_("Enter a number of seats.")),
            NumberRange(1, drafts.MOST_SEATS, message=_("Enter a number from 1 to 1,000.")),
        ],
    )
    language = OneOfField(_("Working language"))
    interpreted = SelectMultipleField(_("Interpreted into"))
    prerequisites = SelectMultipleField(_("Courses needed before"))
    roles = SelectMultipleField(_("For these roles"))
    activity = StringField(_("Activity of the plan"), [Optional(), _long(drafts.ACTIVITY)])
    percent = IntegerField(
        _("Sessions needed for the certificate, in per cent"),
        [
            InputRequired(_("Enter a number from 1 to 100.")),
            NumberRange(1, 100, message=_("Enter a number from 1 to 100.")),
        ],
    )

    def offer(
        self,
        *,
        countries: Iterable[tuple[str, str]],
        languages: Sequence[tuple[str, str]],
        courses: Iterable[tuple[str, str]],
        roles: Iterable[tuple[str, str]],
    ) -> None:
        """Set what there is to choose from."""
        self.host_country.offer(countries)
        self.language.offer(languages)
        for given, pairs in ((self.interpreted, languages), (self.prerequisites, courses), (self.roles, roles)):
            given.choices = list(pairs)

    def fits(self, rows: "Rows") -> bool:
        """Check what one field alone cannot tell, and note the mistakes."""
        if self.form.data != Format.ONLINE and not (self.town.data or "").strip():
            self.town.errors = [gettext("Name the town, or make the event an online one.")]
        if not times.is_zone(self.time_zone.data or ""):
            self.time_zone.errors = [gettext("Nobody knows this time zone. One is written as Europe/Sofia.")]
        if self.booking_until.data and not times.is_possible(self.booking_until.data):
            self.booking_until.errors = [gettext("Enter the last day for booking.")]
        first = min((one.day for one in rows.sessions), default=None)
        if first and self.booking_until.data and self.booking_until.data > first:
            self.booking_until.errors = [gettext("Booking ends on the day of the first session at the latest.")]
        return not (self.town.errors or self.time_zone.errors or self.booking_until.errors)

    def draft(self, rows: "Rows") -> NewWorkshop:
        """Return what was written."""
        return NewWorkshop(
            code=self.code.data,
            kind=WorkshopKind(self.kind.data),
            sensitivity=Sensitivity(self.sensitivity.data),
            host_country=self.host_country.data,
            form=Format(self.form.data),
            time_zone=self.time_zone.data,
            booking_until=self.booking_until.data,
            capacity=self.capacity.data,
            languages=tuple(dict.fromkeys((self.language.data, *self.interpreted.data))),
            sessions=tuple(sorted(rows.sessions, key=lambda one: (one.day, one.starts))),
            outcomes=tuple(rows.outcomes),
            title=rows.texts["title"] | {SOURCE: _plain(self.title.data)},
            summary=rows.texts["summary"] | {SOURCE: _plain(self.summary.data)},
            practise=rows.texts["practise"] | {SOURCE: _plain(self.practise.data)},
            town="" if self.form.data == Format.ONLINE else _plain(self.town.data),
            venue=_plain(self.venue.data),
            prerequisites=tuple(self.prerequisites.data),
            roles=tuple(self.roles.data),
            activity=_plain(self.activity.data),
            attendance_share=self.percent.data / 100,
        )


@dataclass(slots=True)
class DraftRows:
    """Sessions, outcomes and texts of other languages as they were sent; `mistakes` are (id of the field, sentence).

    `sent` is what stands in the fields, by name, right or wrong.
    """

    sent: dict[str, str]
    sessions: list[NewSession] = field(default_factory=list)
    outcomes: list[tuple[str, Level]] = field(default_factory=list)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    mistakes: list[tuple[str, str]] = field(default_factory=list)
    count: int = FIRST_ROWS


def read_rows(
    sent: Mapping[str, str], *, competencies: Collection[str], titles: Sequence[Mapping[str, str]]
) -> DraftRows:
    """Read the rows of a form. `titles` are those of the sessions that are there: other languages stay with them."""
    numbers = [int(found[1]) for name in sent if (found := _ROW.fullmatch(name))]
    rows = DraftRows(dict(sent), count=min(max(numbers, default=FIRST_ROWS - 1) + 1, drafts.MOST_SESSIONS))
    for number in range(rows.count):
        _read_session(rows, number, titles[number] if number < len(titles) else {})
    if not rows.sessions and not rows.mistakes:
        rows.mistakes.append(("session-0-day", gettext("Enter at least one session.")))
    _check_order(rows)
    _read_outcomes(rows, competencies)
    for name, most in _TEXTS.items():
        rows.texts[name] = {code: _text(rows, f"{name}-{code}", most) for code in OTHERS}
    return rows


def rows_of(
    given: WorkshopFacts, said: Mapping[str, Mapping[str, str]], titles: Sequence[Mapping[str, str]]
) -> DraftRows:
    """Return the rows of an event as it is, with spare ones for more sessions."""
    sent: dict[str, str] = {}
    for number, one in enumerate(given.sessions):
        sent |= {
            f"session-{number}-title": titles[number].get(SOURCE, ""),
            f"session-{number}-kind": str(one.kind),
            f"session-{number}-day": one.day.isoformat(),
            f"session-{number}-starts": one.starts.isoformat("minutes"),
            f"session-{number}-ends": one.ends.isoformat("minutes"),
        }
    for number, (competency, level) in enumerate(given.outcomes):
        sent |= {f"outcome-{number}-competency": competency, f"outcome-{number}-level": str(level)}
    sent |= {f"{name}-{code}": said.get(name, {}).get(code, "") for name in _TEXTS for code in OTHERS}
    return DraftRows(sent, count=min(len(given.sessions) + SPARE_ROWS, drafts.MOST_SESSIONS))


def values_of(given: WorkshopFacts, said: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
    """Return the values of the form's fields for an event as it is."""
    return {
        "code": given.code,
        "kind": str(given.kind),
        "sensitivity": str(given.sensitivity),
        "form": str(given.form),
        "host_country": given.host_country,
        "town": given.town,
        "venue": given.venue,
        "time_zone": given.time_zone,
        "booking_until": given.booking_until,
        "capacity": given.capacity,
        "language": given.languages[0] if given.languages else SOURCE,
        "interpreted": list(given.languages[1:]),
        "prerequisites": list(given.prerequisites),
        "roles": list(given.roles),
        "activity": given.activity,
        "percent": round(given.attendance_share * 100),
        **{name: said.get(name, {}).get(SOURCE, "") for name in _TEXTS},
    }


def _read_session(rows: DraftRows, number: int, before: Mapping[str, str]) -> None:
    name = f"session-{number}"
    given = {key: rows.sent.get(f"{name}-{key}", "").strip() for key in ("title", "day", "starts", "ends")}
    if not any(given.values()):
        return
    day, starts, ends = _day(given["day"]), _time(given["starts"]), _time(given["ends"])
    title = given["title"]
    if not title:
        rows.mistakes.append((f"{name}-title", gettext("Enter the title of session %(n)s.", n=number + 1)))
    if day is None:
        rows.mistakes.append((f"{name}-day", gettext("Enter the day of session %(n)s.", n=number + 1)))
    if starts is None or ends is None or ends <= starts:
        said = gettext("Session %(n)s needs a start, and an end after it.", n=number + 1)
        rows.mistakes.append((f"{name}-starts", said))
    elif title and day:
        kept = before if before.get(SOURCE) == title else {}
        kind = _KINDS.get(rows.sent.get(f"{name}-kind", ""), SessionKind.PRACTICE)
        rows.sessions.append(NewSession(kind=kind, day=day, starts=starts, ends=ends, title={**kept, SOURCE: title}))


def _check_order(rows: DraftRows) -> None:
    in_order = sorted(rows.sessions, key=lambda one: (one.day, one.starts))
    for one, following in pairwise(in_order):
        if (following.day, following.starts) < (one.day, one.ends):
            said = gettext("Two sessions overlap: %(one)s and %(other)s.", one=one.title[SOURCE],
                           other=following.title[SOURCE])  # fmt: skip
            rows.mistakes.append(("session-0-starts", said))


def _read_outcomes(rows: DraftRows, competencies: Collection[str]) -> None:
    for number in range(OUTCOMES):
        competency = rows.sent.get(f"outcome-{number}-competency", "")
        if not competency:
            continue
        level = rows.sent.get(f"outcome-{number}-level", "")
        if f"{competency}.{level}" not in competencies:
            said = gettext("%(competency)s has no such level. Choose another one.", competency=competency)
            rows.mistakes.append((f"outcome-{number}-level", said))
        elif competency in {name for name, _level in rows.outcomes}:
            said = gettext("%(competency)s appears twice. Remove one.", competency=competency)
            rows.mistakes.append((f"outcome-{number}-competency", said))
        else:
            rows.outcomes.append((competency, Level(level)))


def _text(rows: DraftRows, name: str, most: int) -> str:
    text = _plain(rows.sent.get(name))
    if len(text) > most:
        rows.mistakes.append((name, gettext("Enter at most %(most)s characters.", most=most)))
    return text


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if times.is_possible(found) else None


def _time(text: str) -> time | None:
    try:
        found = time.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is None else None


def _plain(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()
