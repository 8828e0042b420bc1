"""Page model of `/practice`: the sitting that is due first, what it counts for, and other competencies to practise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.catalogue.domain.references.competencies import Competencies
from app.competence.labels import competencies
from app.competence.shapes import CompetencyStatus
from app.home.queries.practice import PracticeOffer
from app.i18n.babel import words
from app.i18n.stored_translations import TranslatedText
from app.quizzes.domain import practice
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeTopic:
    """A competency of the sitting: the day until which it counts, and whether the sitting counts as a review."""

    title: TranslatedText
    until: str
    counts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherPractice:
    """Another competency that can be practised."""

    title: TranslatedText
    sub: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticePage(Page):
    """What can be practised now. `open_href`: a sitting in progress; `missing`: why the competency asked for is not.

    Without `topics` there is nothing to practise.
    """

    template: ClassVar[str] = "home/practice.html"
    open_href: str
    missing: str
    missing_href: str
    topics: Sequence[PracticeTopic]
    facts: Sequence[str]
    competency: str
    others: Sequence[OtherPractice]


def practice_page(
    offers: Sequence[PracticeOffer],
    statuses: Sequence[CompetencyStatus],
    framework: Competencies,
    *,
    asked: str,
    open_sitting: UUID | None,
    today: date,
) -> PracticePage:
    """Return the page, with the competency that was `asked` for first; "" for the most urgent."""
    offer = chosen(offers, asked)
    missing = _missing(asked, offer, framework)
    by_competency = {status.competency: status for status in statuses}
    others = [_other(other, by_competency, framework) for other in offers if other is not offer]
    shown = PracticePage(
        open_href=url_for("quizzes.question", attempt=open_sitting, n=1) if open_sitting else "",
        missing=missing,
        missing_href=url_for("home.competency", competency=asked) if missing else "",
        topics=(),
        facts=(),
        competency="",
        others=others,
    )
    if offer is None:
        return shown
    return replace(
        shown,
        topics=[_topic(name, offer, by_competency, framework, today) for name in offer.competencies],
        facts=_facts(offer),
        competency=offer.competencies[0],
    )


def chosen(offers: Sequence[PracticeOffer], asked: str) -> PracticeOffer | None:
    """Return the offer whose first competency was asked for, else the first one; None without offers."""
    return next((offer for offer in offers if offer.competencies[0] == asked), next(iter(offers), None))


def _missing(asked: str, offer: PracticeOffer | None, framework: Competencies) -> str:
    """Return why the competency asked for cannot be practised, or ""."""
    if framework.get(asked) is None or (offer is not None and offer.competencies[0] == asked):
        return ""
    title = competencies.title(framework, asked).text
    return _("There are not enough questions to practise this yet: %(title)s.", title=title)


def _topic(
    name: str,
    offer: PracticeOffer,
    statuses: Mapping[str, CompetencyStatus],
    framework: Competencies,
    today: date,
) -> PracticeTopic:
    status = statuses[name]
    return PracticeTopic(
        title=competencies.title(framework, name),
        until=_until(status, today),
        counts=_counts(name, offer, status, today),
    )


def _until(status: CompetencyStatus, today: date) -> str:
    if status.until is None:
        return _("Not verified yet")
    if status.until < today:
        return _("Lapsed after %(day)s", day=words(status.until))
    return _("Verified until %(day)s", day=words(status.until))


def _counts(name: str, offer: PracticeOffer, status: CompetencyStatus, today: date) -> str:
    """Return whether the sitting counts for a competency, or why it does not."""
    if name in offer.counted:
        return _("This practice counts.")
    from_day = practice.counts_from(status.last_on, today) if status.last_on else None
    if from_day is not None:
        return _("Practice counts again from %(day)s: your last result is recent.", day=words(from_day))
    return _("This practice does not count: one practice a day and five a week count.")


def _facts(offer: PracticeOffer) -> list[str]:
    facts = [
        ngettext("%(num)s question", "%(num)s questions", offer.questions),
        ngettext("About %(num)s minute", "About %(num)s minutes", practice.MINUTES),
        _("You read at once why an answer is right or wrong."),
        _("You can stop at any time."),
    ]
    if offer.counted:
        facts.append(_unseen(offer))
    return facts


def _unseen(offer: PracticeOffer) -> str:
    if not offer.unseen:
        return _("You have met all of these questions in the last months: they keep you in practice, the date stays.")
    return ngettext(
        "%(num)s of them is new to you. Only new questions change your date.",
        "%(num)s of them are new to you. Only new questions change your date.",
        offer.unseen,
    )


def _other(offer: PracticeOffer, statuses: Mapping[str, CompetencyStatus], framework: Competencies) -> OtherPractice:
    name = offer.competencies[0]
    until = statuses[name].until
    return OtherPractice(
        title=competencies.title(framework, name),
        sub=_("Date: %(day)s", day=words(until)) if until else _("Not verified yet"),
        href=url_for("home.show_practice", competency=name),
    )
