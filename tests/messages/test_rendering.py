import re
from datetime import UTC, datetime
from email.errors import MessageError
from uuid import UUID

import msgspec
import pytest
from flask import Flask
from flask_babel import force_locale
from icalendar import Calendar
from msgspec import structs

from app.messages import labels
from app.messages.domain import CalendarDate, MailKind, NoticeKind
from app.messages.pages import mail as messages_mail
from app.messages.pages.mail import Envelope
from app.messages.service import calendar_files, letters
from app.messages.service.letters import STOPPABLE

AT = datetime(2027, 3, 1, 9, tzinfo=UTC)
SITE = "https://academy.example.org"
TOPICS = re.compile(r"colep|police|traffick|victim|crime|exploit|officer|interpol|course|module", re.I)


def _envelope(to: str = "officer@example.org", name: str = "Academy") -> Envelope:
    return Envelope(to=to, sender="academy@example.org", sender_name=name, site_url=SITE, message_id="a" * 40, at=AT)


@pytest.mark.parametrize("kind", list(MailKind))
@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_mails_are_short_neutral_and_lead_to_one_place(lite_app: Flask, kind: MailKind, language: str) -> None:
    with lite_app.app_context():
        words = letters.letter(kind, {"count": 3}, language)
        mail = messages_mail.message(words, _envelope(), language)
    text, page = (mail.get_body((form,)).get_content() for form in ("plain", "html"))
    assert not TOPICS.search(words.subject + text + re.sub(r"<[^>]+>", "", page))
    assert len(text.strip().split("\n")) <= 10
    places = [SITE, f"{SITE}/settings#mail_rhythm"] if kind in STOPPABLE else [SITE]
    assert re.findall(r"https?://\S+", text) == places
    assert re.findall(r'href="([^"]*)"', page) == places
    assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page
    assert mail["Content-Language"] == language


@pytest.mark.parametrize("kind", [MailKind.ACCOUNT_CHANGED, MailKind.ADDRESS_CHANGED])
def test_who_is_staff_reads_whom_to_tell_too(lite_app: Flask, kind: MailKind) -> None:
    with lite_app.app_context():
        text = messages_mail.plain(letters.letter(kind, {}, "en"), SITE)
    assert "tell your national contact point or the secretariat now." in text


@pytest.mark.parametrize("kind", sorted(STOPPABLE))
def test_what_the_setting_stops_says_so_and_leads_there(lite_app: Flask, kind: MailKind) -> None:
    with lite_app.app_context():
        words = letters.letter(kind, {"count": 3, "said": ["0123456789abcdef"]}, "en")
        text = messages_mail.plain(words, SITE)
    assert "You can stop it under Settings." in words.lines[-1]
    assert text.endswith(f"{words.lines[-1]}\n{SITE}/settings#mail_rhythm\n")
    assert "0123456789abcdef" not in text


def test_the_mail_of_a_near_date_says_how_much_waits_and_why_it_came(lite_app: Flask) -> None:
    with lite_app.app_context():
        words = [letters.letter(MailKind.WAITING, {"count": n, "said": ["a"] * n}, "en") for n in (1, 2)]
    assert [one.subject for one in words] == ["Something is waiting for you"] * 2
    assert [one.lines[:2] for one in words] == [
        ("You have a reminder.", "1 thing is waiting for you."),
        ("You have a reminder.", "2 things are waiting for you."),
    ]
    assert words[0].lines[2] == (
        "You get this mail because a date of yours is within three days. You can stop it under Settings."
    )


DATES = [
    CalendarDate(UUID(int=1), datetime(2027, 5, 4, 6, tzinfo=UTC), datetime(2027, 5, 4, 13, tzinfo=UTC)),
    CalendarDate(UUID(int=2), datetime(2027, 5, 5, 6, tzinfo=UTC), datetime(2027, 5, 5, 13, tzinfo=UTC), True),
]


def test_a_calendar_file_says_when_and_nothing_else() -> None:
    file = calendar_files.calendar(DATES, title="Academy", at=AT)
    assert b"METHOD" not in file
    entries = Calendar.from_ical(file).walk("VEVENT")
    assert {name for one in entries for name in one} == {
        "UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "CLASS", "STATUS",
    }  # fmt: skip
    assert [(one["uid"], one["dtstart"].dt, one["summary"], one.get("status")) for one in entries] == [
        (str(UUID(int=1)), DATES[0].starts_at, "Academy", None),
        (str(UUID(int=2)), DATES[1].starts_at, "Academy", "CANCELLED"),
    ]
    assert {one["dtstamp"].dt for one in entries} == {AT}
    assert [0 < one["sequence"] < 2**31 for one in entries] == [True, True]


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_a_mail_of_a_date_carries_the_file_beside_both_texts(lite_app: Flask, language: str) -> None:
    facts = msgspec.json.decode(msgspec.json.encode({"at": AT, "dates": DATES}))
    file = calendar_files.attached_calendar(facts, title="Academy")
    with lite_app.app_context():
        words = letters.letter(MailKind.DATE_CHANGED, facts, language)
        mail = messages_mail.message(words, _envelope(), language, file=file)
    [part] = mail.iter_attachments()
    assert part.get_content().replace("\r\n", "\n") == file.decode().replace("\r\n", "\n")
    assert (part["Content-Type"].split(";")[0], part.get_filename()) == ("text/calendar", "dates.ics")
    text, page = (mail.get_body((form,)).get_content() for form in ("plain", "html"))
    assert not TOPICS.search(words.subject + text + re.sub(r"<[^>]+>", "", page))
    assert re.findall(r"https?://\S+", text) == [SITE, f"{SITE}/settings#mail_rhythm"]
    assert mail["Content-Language"] == language
    assert b"\n" not in bytes(mail).replace(b"\r\n", b"")


@pytest.mark.parametrize("cancelled", [(True, True), (True, False)])
def test_mail_leads_to_the_reason_only_when_all_dates_are_cancelled(
    lite_app: Flask, cancelled: tuple[bool, bool]
) -> None:
    dates = [structs.replace(date, cancelled=state) for date, state in zip(DATES, cancelled, strict=True)]
    facts = msgspec.json.decode(msgspec.json.encode({"at": AT, "dates": dates}))
    with lite_app.app_context():
        line = letters.letter(MailKind.DATE_CHANGED, facts, "en").lines[1]
    assert ("Sign in to read the reason." in line) is all(cancelled)


@pytest.mark.parametrize("reason", ["The hall is closed.", "50 % of %(before)s"])
def test_notice_of_a_postponed_event_says_why(lite_app: Flask, reason: str) -> None:
    facts = {"workshop": "A watch", "before": "2027-05-04/2027-05-05"}
    with lite_app.test_request_context():
        without = labels.sentence(NoticeKind.WORKSHOP_CHANGED, facts)
        text = labels.sentence(NoticeKind.WORKSHOP_CHANGED, {**facts, "reason": reason})
    assert text == f"{without} Reason: \u2068{reason}\u2069"


def test_a_mail_without_dates_carries_no_file(lite_app: Flask) -> None:
    assert calendar_files.attached_calendar({"at": AT.isoformat(), "dates": []}, title="Academy") == b""
    assert calendar_files.attached_calendar({}, title="Academy") == b""
    with lite_app.app_context():
        mail = messages_mail.message(letters.letter(MailKind.WEEK, {}, "en"), _envelope(), "en")
    assert list(mail.iter_attachments()) == []


def test_headers_name_one_recipient_and_no_name(lite_app: Flask) -> None:
    with lite_app.app_context():
        mail = messages_mail.message(letters.letter(MailKind.WEEK, {}, "en"), _envelope(), "en")
    assert (mail["To"], mail["From"]) == ("officer@example.org", "Academy <academy@example.org>")
    assert (mail["Subject"], mail["Message-ID"]) == ("Your week at the academy", f"<{'a' * 40}@example.org>")
    assert (mail["Date"], mail["Auto-Submitted"]) == ("Mon, 01 Mar 2027 09:00:00 +0000", "auto-generated")


@pytest.mark.parametrize(
    "to",
    [
        "", "unknown", "@example.org", "a@", "a b@example.org", "a@example.org, b@example.org", "A <a@example.org>",
        "a@example.org\r\nBcc: b@example.org", "a@example.org\nBcc: b@example.org", "a@example.org\r", "a@exa mple.org",
        "<a@example.org>",
    ],
)  # fmt: skip
def test_what_is_no_single_address_is_refused(lite_app: Flask, to: str) -> None:
    with lite_app.app_context():
        words = letters.letter(MailKind.WEEK, {}, "en")
        with pytest.raises((ValueError, IndexError, MessageError)):
            messages_mail.message(words, _envelope(to), "en")


def test_a_line_break_in_the_name_of_the_sender_is_refused(lite_app: Flask) -> None:
    with lite_app.app_context():
        words = letters.letter(MailKind.WEEK, {}, "en")
        with pytest.raises(ValueError, match="CR or LF"):
            messages_mail.message(words, _envelope(name="Academy\r\nBcc: b@example.org"), "en")


# notices to many people, or about a person, name nothing
NAMELESS = {
    NoticeKind.CERTIFICATE_REVOKED,
    NoticeKind.ANSWER_ASKED,
    NoticeKind.DATE_ASKED,
    NoticeKind.REMINDER_ANSWERED,
    NoticeKind.TARGETS_WAIT,
    NoticeKind.NEED_PROPOSED,
    NoticeKind.PERIOD_PROPOSED,
    NoticeKind.PERIOD_LOCKED,
    NoticeKind.REPORT_READY,
    NoticeKind.INVITATION_BOUNCED,
    NoticeKind.INVITATION_REFUSED,
    NoticeKind.ADDRESS_CLAIMED,
    NoticeKind.ERASURE_ASKED,
    NoticeKind.SECOND_WANTED,
    NoticeKind.ADMINISTRATOR_WANTED,
    NoticeKind.EXPORT_WANTED,
    NoticeKind.EXPORT_ANSWERED,
    NoticeKind.CONTACT_POINT_MADE,
    NoticeKind.CONTACT_POINT_FIRST,
    NoticeKind.OFFICER_BECAME_STAFF,
    NoticeKind.ROLE_ENDED,
    NoticeKind.THREAT_OVER,
    NoticeKind.OFFICER_SEEN_AGAIN,
    NoticeKind.CHECK_PLANNED,
    NoticeKind.CHECK_CANCELLED,
    NoticeKind.SITTING_CLOSED,
    NoticeKind.PRODUCT_WAITS,
}


@pytest.mark.parametrize("kind", sorted(set(NoticeKind) - NAMELESS))
def test_every_notice_has_a_sentence_that_names_its_thing(lite_app: Flask, kind: NoticeKind) -> None:
    things = dict.fromkeys(("course", "workshop", "competency", "role", "code"), "Debt 100%")
    with lite_app.app_context(), force_locale("en"):
        assert "\u2068Debt 100%\u2069" in labels.sentence(kind, things)
        assert "\u2068-\u2069" in labels.sentence(kind, {})
