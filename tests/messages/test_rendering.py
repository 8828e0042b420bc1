import re
from datetime import UTC, datetime
from email.errors import MessageError

import pytest
from flask import Flask
from flask_babel import force_locale

from app.messages import rendering
from app.messages.domain import MailKind, NoticeKind
from app.messages.rendering import Envelope

AT = datetime(2027, 3, 1, 9, tzinfo=UTC)
SITE = "https://academy.example.org"
TOPICS = re.compile(r"colep|police|traffick|victim|crime|exploit|officer|interpol|course|module", re.I)


def _envelope(to: str = "officer@example.org", name: str = "Academy") -> Envelope:
    return Envelope(to=to, sender="academy@example.org", sender_name=name, site_url=SITE, message_id="a" * 40, at=AT)


@pytest.mark.parametrize("kind", list(MailKind))
@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_mails_are_short_neutral_and_lead_to_one_place(lite_app: Flask, kind: MailKind, language: str) -> None:
    with lite_app.app_context():
        words = rendering.letter(kind, {"count": 3}, language)
        mail = rendering.message(words, _envelope(), language)
    text, page = (mail.get_body((form,)).get_content() for form in ("plain", "html"))
    assert not TOPICS.search(words.subject + text + re.sub(r"<[^>]+>", "", page))
    assert len(text.strip().split("\n")) <= 10
    assert re.findall(r"https?://\S+", text) == [SITE]
    assert re.findall(r'href="([^"]*)"', page) == [SITE]
    assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page
    assert mail["Content-Language"] == language


def test_headers_name_one_recipient_and_no_name(lite_app: Flask) -> None:
    with lite_app.app_context():
        mail = rendering.message(rendering.letter(MailKind.WEEK, {}, "en"), _envelope(), "en")
    assert (mail["To"], mail["From"]) == ("officer@example.org", "Academy <academy@example.org>")
    assert (mail["Subject"], mail["Message-ID"]) == ("Your week at the academy", f"<{'a' * 40}@example.org>")
    assert (mail["Date"], mail["Auto-Submitted"]) == ("Mon, 01 Mar 2027 09:00:00 +0000", "auto-generated")


@pytest.mark.parametrize(
    "to",
    [
        "", "nobody", "@example.org", "a@", "a b@example.org", "a@example.org, b@example.org", "A <a@example.org>",
        "a@example.org\r\nBcc: b@example.org", "a@example.org\nBcc: b@example.org", "a@example.org\r", "a@exa mple.org",
        "<a@example.org>",
    ],
)  # fmt: skip
def test_what_is_no_single_address_is_refused(lite_app: Flask, to: str) -> None:
    with lite_app.app_context():
        words = rendering.letter(MailKind.WEEK, {}, "en")
        with pytest.raises((ValueError, IndexError, MessageError)):
            rendering.message(words, _envelope(to), "en")


def test_a_line_break_in_the_name_of_the_sender_is_refused(lite_app: Flask) -> None:
    with lite_app.app_context():
        words = rendering.letter(MailKind.WEEK, {}, "en")
        with pytest.raises(ValueError, match="CR or LF"):
            rendering.message(words, _envelope(name="Academy\r\nBcc: b@example.org"), "en")


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_every_notice_has_a_sentence_that_names_its_thing(lite_app: Flask, kind: NoticeKind) -> None:
    things = dict.fromkeys(("course", "workshop", "competency"), "Debt 100%")
    with lite_app.app_context(), force_locale("en"):
        assert "\u2068Debt 100%\u2069" in rendering.sentence(kind, things)
        assert "\u2068-\u2069" in rendering.sentence(kind, {})
