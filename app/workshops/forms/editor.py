"""Form to create or edit an event: facts, texts in each language, sessions and outcomes as rows."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from itertools import pairwise

from flask_babel import gettext, lazy_gettext as _
from wtforms import DateField, IntegerField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from app.access.policy import Sensitivity
from app.catalogue.domain.items import Level
from app.i18n.languages import INTERFACE, NAMES
from app.web.forms import Form, OneOfField
from app.workshops.domain import drafts, times
from app.workshops.domain.drafts import NewSession, NewWorkshop
from app.workshops.domain.events import Format, SessionKind, WorkshopKind
from app.workshops.domain.phases import NominationRules
from app.workshops.shapes import WorkshopFacts

SOURCE = drafts.SOURCE
OTHERS = tuple(code for code in INTERFACE if code != SOURCE)
OUTCOMES = 4  # rows for competencies
NEEDED_NAMES = ("needed_0", "needed_1", "needed_2")  # fields for competencies needed before
FIRST_ROWS, SPARE_ROWS = 6, 3  # rows for sessions: of a new event, and beside those that are there
_ROW = re.compile(r"session-([0-9]{1,3})-day")
_KINDS = {str(kind): kind for kind in SessionKind}
# fields of the form with the names of the event
_SAME_NAME = ("code", "host_country", "town", "venue", "time_zone", "booking_until", "capacity", "activity")
_TEXTS = {"title": drafts.TITLE, "summary": drafts.SUMMARY, "practise": drafts.PRACTISE}


def _needed() -> OneOfField:
    return OneOfField(_("Competency needed before"), default="")


def _long(most: int) -> Length:
    return Length(max=most, message=_("Enter at most %(most)s characters.", most=most))


class DraftForm(Form):
    """The facts of an event and its English texts; DraftRows has sessions, outcomes and other languages."""

    code = StringField(
        _("Code"),
        [
            InputRequired(_("Enter a code.")),
            Regexp(drafts.CODE, message=_("Use 2 to 20 capital letters, figures and hyphens, such as WS-2027-02.")),
        ],
    )
    kind = OneOfField(
        _("Kind"),
        [
            (WorkshopKind.WORKSHOP, _("Workshop")),
            (WorkshopKind.STUDY_VISIT, _("Study visit")),
            (WorkshopKind.COLEP_MEETING, _("COLEP meeting")),
            (WorkshopKind.EXERCISE, _("Exercise")),
        ],
    )
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
    time_zone = OneOfField(_("Time zone"), invalid_choice_message=_("Choose a time zone."))
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
    needed_0, needed_1, needed_2 = _needed(), _needed(), _needed()
    activity = OneOfField(
        _("Activity of the plan"), default="", invalid_choice_message=_("Choose an activity of the plan.")
    )
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
        zones: Iterable[tuple[str, str]],
        activities: Iterable[tuple[str, str]],
        levels: Sequence[tuple[str, str]],
    ) -> None:
        """Set the choices of the fields; a level is a competency with a level, such as ONL-07:foundation."""
        for name in NEEDED_NAMES:
            self[name].offer(levels)
        self.time_zone.offer(zones)
        self.activity.offer(activities)
        self.host_country.offer(countries)
        self.language.offer(languages)
        self.interpreted.choices = list(languages)
        self.prerequisites.choices = list(courses)
        self.roles.choices = list(roles)

    def without_booking(self) -> None:
        """Require no end of booking: the last day of nominations of a nominated event is its end."""
        self.booking_until.validators = [Optional()]

    def fits(self, rows: "DraftRows") -> bool:
        """Check rules that concern several fields, and add their errors."""
        if self.form.data != Format.ONLINE and not (self.town.data or "").strip():
            self.town.errors = [gettext("Name the town, or make the event an online one.")]
        self._check_booking_end(rows)
        return not any(field.errors for field in (self.town, self.booking_until))

    def _check_booking_end(self, rows: "DraftRows") -> None:
        last_day = self.booking_until.data
        if not last_day:
            return
        if not times.is_possible(last_day):
            self.booking_until.errors = [gettext("Enter the last day for booking.")]
        first_day = min((session.day for session in rows.sessions), default=None)
        if first_day and last_day > first_day:
            self.booking_until.errors = [gettext("Booking ends on the day of the first session at the latest.")]

    def draft(self, rows: "DraftRows", nomination: NominationRules | None = None) -> NewWorkshop:
        """Return the event to save; booking for a nominated one ends with the nominations."""
        return NewWorkshop(
            code=self.code.data,
            kind=WorkshopKind(self.kind.data),
            sensitivity=Sensitivity(self.sensitivity.data),
            host_country=self.host_country.data,
            form=Format(self.form.data),
            time_zone=self.time_zone.data,
            booking_until=nomination.deadline if nomination else self.booking_until.data,
            capacity=self.capacity.data,
            languages=tuple(dict.fromkeys((self.language.data, *self.interpreted.data))),
            sessions=tuple(sorted(rows.sessions, key=lambda session: (session.day, session.starts))),
            outcomes=tuple(rows.outcomes),
            title=rows.texts["title"] | {SOURCE: _plain(self.title.data)},
            summary=rows.texts["summary"] | {SOURCE: _plain(self.summary.data)},
            practise=rows.texts["practise"] | {SOURCE: _plain(self.practise.data)},
            town="" if self.form.data == Format.ONLINE else _plain(self.town.data),
            venue=_plain(self.venue.data),
            prerequisites=tuple(self.prerequisites.data),
            roles=tuple(self.roles.data),
            activity=self.activity.data,
            attendance_share=self.percent.data / 100,
            competencies=tuple(dict.fromkeys(self[name].data for name in NEEDED_NAMES if self[name].data)),
            nomination=nomination,
        )


@dataclass(slots=True)
class DraftRows:
    """Sessions, outcomes and texts of other languages as submitted; `problems` are (id of the field, message).

    `sent` has the submitted values by field name, valid or not.
    """

    sent: dict[str, str]
    sessions: list[NewSession] = field(default_factory=list)
    outcomes: list[tuple[str, Level]] = field(default_factory=list)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    count: int = FIRST_ROWS


def read_rows(
    sent: Mapping[str, str], *, competencies: Collection[str], titles: Sequence[Mapping[str, str]]
) -> DraftRows:
    """Read the rows of a form. `titles` are those of the saved sessions: their other languages are preserved."""
    rows = DraftRows(dict(sent), count=_row_count(sent))
    for number in range(rows.count):
        _read_session(rows, number, titles[number] if number < len(titles) else {})
    if not rows.sessions and not rows.problems:
        rows.problems.append(("session-0-day", gettext("Enter at least one session.")))
    _check_order(rows)
    _read_outcomes(rows, competencies)
    rows.texts |= {name: _texts_of_other_languages(rows, name, most) for name, most in _TEXTS.items()}
    return rows


def _row_count(sent: Mapping[str, str]) -> int:
    """Return the number of rows to show. Other steps carry filled rows alone, so empty ones are added for more."""
    numbers = [int(match[1]) for name in sent if (match := _ROW.fullmatch(name))]
    submitted = max(numbers, default=FIRST_ROWS - 1) + 1
    filled = max((number + 1 for number in numbers if _is_filled(sent, number)), default=0)
    return min(max(submitted, filled + SPARE_ROWS), drafts.MOST_SESSIONS)


def rows_of(
    workshop: WorkshopFacts, translations: Mapping[str, Mapping[str, str]], titles: Sequence[Mapping[str, str]]
) -> DraftRows:
    """Return the rows of a saved event, with empty ones for more sessions."""
    sent: dict[str, str] = {}
    for number, session in enumerate(workshop.sessions):
        sent |= {
            f"session-{number}-title": titles[number].get(SOURCE, ""),
            f"session-{number}-kind": str(session.kind),
            f"session-{number}-day": session.day.isoformat(),
            f"session-{number}-starts": session.starts.isoformat("minutes"),
            f"session-{number}-ends": session.ends.isoformat("minutes"),
            f"session-{number}-room": session.room,
            f"session-{number}-link": session.link,
            f"session-{number}-language": session.language,
        }
    for number, (competency, level) in enumerate(workshop.outcomes):
        sent |= {f"outcome-{number}-competency": competency, f"outcome-{number}-level": str(level)}
    sent |= {f"{name}-{code}": translations.get(name, {}).get(code, "") for name in _TEXTS for code in OTHERS}
    return DraftRows(sent, count=min(len(workshop.sessions) + SPARE_ROWS, drafts.MOST_SESSIONS))


def values_of(workshop: WorkshopFacts, translations: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
    """Return the values of the form's fields for a saved event."""
    return {
        **{name: getattr(workshop, name) for name in _SAME_NAME},
        "kind": str(workshop.kind),
        "sensitivity": str(workshop.sensitivity),
        "form": str(workshop.form),
        "language": workshop.languages[0] if workshop.languages else SOURCE,
        "interpreted": list(workshop.languages[1:]),
        "prerequisites": list(workshop.prerequisites),
        "roles": list(workshop.roles),
        "percent": round(workshop.attendance_share * 100),
        **dict(zip(NEEDED_NAMES, workshop.competencies, strict=False)),
        **{name: translations.get(name, {}).get(SOURCE, "") for name in _TEXTS},
    }


def _session_values(sent: Mapping[str, str], number: int) -> dict[str, str]:
    return {key: sent.get(f"session-{number}-{key}", "").strip() for key in ("title", "day", "starts", "ends")}


def _is_filled(sent: Mapping[str, str], number: int) -> bool:
    return any(_session_values(sent, number).values())


def _read_session(rows: DraftRows, number: int, before: Mapping[str, str]) -> None:
    name, values = f"session-{number}", _session_values(rows.sent, number)
    if not any(values.values()):
        return
    day, hours, title = _day(values["day"]), _hours(values["starts"], values["ends"]), values["title"]
    _require(rows, f"{name}-title", title, gettext("Enter the title of session %(n)s.", n=number + 1))
    _require(rows, f"{name}-day", day, gettext("Enter the day of session %(n)s.", n=number + 1))
    _require(rows, f"{name}-starts", hours, gettext("Session %(n)s needs a start, and an end after it.", n=number + 1))
    if title and day and hours:
        translations = before if before.get(SOURCE) == title else {}
        kind = _KINDS.get(rows.sent.get(f"{name}-kind", ""), SessionKind.PRACTICE)
        session = NewSession(kind=kind, day=day, starts=hours[0], ends=hours[1], title={**translations, SOURCE: title})
        rows.sessions.append(_with_room(rows, name, session))


def _with_room(rows: DraftRows, name: str, session: NewSession) -> NewSession:
    """Return the session with its room, meeting link and language as submitted."""
    link, language = rows.sent.get(f"{name}-link", "").strip(), rows.sent.get(f"{name}-language", "")
    if link and not drafts.is_meeting_link(link):
        rows.problems.append((f"{name}-link", gettext("Enter a meeting link that begins with https.")))
    return replace(
        session,
        room=_text(rows, f"{name}-room", drafts.ROOM),
        link=link,
        language=language if language in NAMES else "",
    )


def _require(rows: DraftRows, field_id: str, value: object, message: str) -> None:
    if not value:
        rows.problems.append((field_id, message))


def _hours(starts: str, ends: str) -> tuple[time, time] | None:
    first, last = _time(starts), _time(ends)
    return None if first is None or last is None or last <= first else (first, last)


def _check_order(rows: DraftRows) -> None:
    in_order = sorted(rows.sessions, key=lambda session: (session.day, session.starts))
    for session, following in pairwise(in_order):
        if (following.day, following.starts) < (session.day, session.ends):
            message = gettext("Two sessions overlap: %(one)s and %(other)s.", one=session.title[SOURCE],
                           other=following.title[SOURCE])  # fmt: skip
            rows.problems.append(("session-0-starts", message))


def _read_outcomes(rows: DraftRows, competencies: Collection[str]) -> None:
    for number in range(OUTCOMES):
        competency = rows.sent.get(f"outcome-{number}-competency", "")
        if not competency:
            continue
        level = rows.sent.get(f"outcome-{number}-level", "")
        if f"{competency}.{level}" not in competencies:
            message = gettext("%(competency)s has no such level. Choose another one.", competency=competency)
            rows.problems.append((f"outcome-{number}-level", message))
        elif competency in {name for name, _level in rows.outcomes}:
            message = gettext("%(competency)s appears twice. Remove one.", competency=competency)
            rows.problems.append((f"outcome-{number}-competency", message))
        else:
            rows.outcomes.append((competency, Level(level)))


def _texts_of_other_languages(rows: DraftRows, name: str, most: int) -> dict[str, str]:
    return {code: _text(rows, f"{name}-{code}", most) for code in OTHERS}


def _text(rows: DraftRows, name: str, most: int) -> str:
    text = _plain(rows.sent.get(name))
    if len(text) > most:
        rows.problems.append((name, gettext("Enter at most %(most)s characters.", most=most)))
    return text


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if times.is_possible(day) else None


def _time(text: str) -> time | None:
    try:
        parsed = time.fromisoformat(text)
    except ValueError:
        return None
    return parsed if parsed.tzinfo is None else None


def _plain(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()
