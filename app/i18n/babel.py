"""Set up Flask-Babel with catalogues, locale and time zone; format dates, spans of days, lists and results in words."""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cache, lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import cast

from babel import Locale
from babel.dates import format_skeleton
from babel.lists import format_list
from babel.support import Translations
from flask import Flask, g
from flask_babel import Babel, Domain, format_date, format_datetime, format_decimal, get_locale, gettext
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from app.i18n import catalogues
from app.i18n.languages import INTERFACE, country_name, direction, language_name

_STATE = "_flask_babel"  # of Flask-Babel in `g`
TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"


def init_app(app: Flask, *, choose: Callable[[], str], zone: Callable[[], str]) -> None:
    """Install catalogues and template filters; `choose` returns the language, `zone` the IANA time zone."""
    unwritten = catalogues.make_missing(TRANSLATIONS)
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(TRANSLATIONS))
    texts = _CatalogueOfRequest()
    # where Flask-Babel keeps what it has loaded
    texts.cache.update({(locale, "messages"): each for locale, each in unwritten.items()})  # type: ignore[attr-defined]
    Babel(app, locale_selector=choose, timezone_selector=zone).domain_instance = texts
    _translate_templates(app, texts)
    app.jinja_env.filters.update(
        day=day,
        as_known=as_known,
        moment=moment,
        country=country_name,
        language=language_name,
        direction=direction,
        joined=joined,
    )
    app.config["LANGUAGES"] = INTERFACE


@cache
def catalogue(language: str) -> NullTranslations:
    """Return the texts of the interface in a language, English ones if it has none. It needs no application."""
    locale = language.replace("-", "_")
    return catalogues.make_missing(TRANSLATIONS).get(locale) or Translations.load(TRANSLATIONS, [locale])


class _CatalogueOfRequest(Domain):
    """The texts of the application, whose catalogue stays with its locale in the state of the request.

    Flask-Babel looks it up in several steps for each of the hundred texts of a page. `force_locale` gives the state
    another locale.
    """

    def get_translations(self) -> NullTranslations:
        """Return the catalogue of the current language."""
        state = g.get(_STATE) if g else None
        locale = getattr(state, "babel_locale", None)
        last_locale, translations = getattr(state, "catalogue", (None, None))
        if locale is None or translations is None or last_locale is not locale:
            translations = super().get_translations()
            if state := g.get(_STATE) if g else None:
                state.catalogue = (state.babel_locale, translations)
        return cast("NullTranslations", translations)


def _translate_templates(app: Flask, texts: _CatalogueOfRequest) -> None:
    """Install the translation functions of templates; `gettext`, called most, without the steps between of Jinja."""

    @pass_context
    def gettext(context: Context, text: str, /, **values: object) -> str:
        catalogue = texts.get_translations()
        if not context.eval_ctx.autoescape:
            return catalogue.gettext(text) % values
        return _escaping(catalogue, text) % values if values else _escaped(catalogue, text)

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: texts.get_translations().gettext(text),
        ngettext=lambda singular, plural, number: texts.get_translations().ngettext(singular, plural, number),
        newstyle=True,
        pgettext=lambda context, text: texts.get_translations().pgettext(context, text),
        npgettext=lambda context, singular, plural, number: texts.get_translations().npgettext(
            context, singular, plural, number
        ),
    )
    app.jinja_env.globals.update(gettext=gettext, _=gettext)


@lru_cache(maxsize=16_384)
def _escaping(catalogue: NullTranslations, text: str) -> Markup:
    """Return a text of a template, which escapes the values that are put into it."""
    return Markup(catalogue.gettext(text))  # noqa: S704 - texts of templates and their translations


@lru_cache(maxsize=16_384)
def _escaped(catalogue: NullTranslations, text: str) -> Markup:
    """Return a text of a template without values."""
    return _escaping(catalogue, text) % {}


_FIRST = re.compile(r"1(?!\d)")
_TIME = Markup('<time datetime="{}">{}</time>')  # a constant; Markup.format escapes what it puts in


def words(value: date | datetime) -> str:
    """Return a date in words: 24 November 2026."""
    return in_order(str(format_date(value, _pattern("long", "d MMMM y"))))


def in_order(text: str) -> str:
    """Return a day with the French ordinal for the first of a month (1er), which Babel does not write."""
    locale = get_locale()
    french_first = locale is not None and locale.language == "fr" and _FIRST.match(text)
    return f"1er{text[1:]}" if french_first else text


def isolated(text: str) -> str:
    """Return text with isolated direction for output without markup, as in an option."""
    return f"\u2068{text}\u2069"


def day(value: date | datetime) -> Markup:
    """Return a date in words, isolated: 24 November 2026."""
    # a date alone has no zone; Flask-Babel would move a time into the reader's
    return _TIME.format(value.isoformat()[:10], words(value))


def short_day(value: date) -> str:
    """Return a day without its year: 12 March."""
    locale = get_locale() or Locale("en")
    if locale.language == "en":
        return str(format_date(value, "d MMMM"))
    return in_order(str(format_skeleton("MMMMd", value, locale=locale)))


def days(first: date, last: date) -> str:
    """Return days in words: 12 March 2027; 12 to 14 March 2027; 30 April to 2 May 2027."""
    return words(first) if first == last else _span(first, last, words(last))


def short_days(first: date, last: date) -> str:
    """Return days in words without the year, or with both years if they differ."""
    if first.year != last.year:
        return days(first, last)
    return short_day(first) if first == last else _span(first, last, short_day(last))


def _span(first: date, last: date, end: str) -> str:
    """Return days from the first to `end`; the first is written with the month and year that differ from the last."""
    if first.year != last.year:
        beginning = words(first)
    elif first.month != last.month:
        beginning = short_day(first)
    else:
        beginning = in_order(str(format_skeleton("d", first, locale=get_locale())))
    return gettext("%(first)s to %(last)s", first=beginning, last=end)


def as_known(value: str) -> str:
    """Return a day, a month with its year, or a year in words, as precise as the value: "2026-11" as November 2026."""
    year, month, last = (int(part) for part in (*value.split("-"), "1", "1")[:3])
    if value.count("-") == 2:
        return words(date(year, month, last))
    return str(format_skeleton("yMMMM" if "-" in value else "y", date(year, month, 1), locale=get_locale()))


def moment(value: datetime) -> Markup:
    """Return a date and time in words in the user's time zone, isolated."""
    text = str(format_datetime(value, _pattern(_date_and_time(), "d MMMM y, HH:mm")))
    return _TIME.format(value.isoformat(), in_order(text))


def _date_and_time() -> str:
    """Return the language's pattern of a long date with hours and minutes, without seconds and time zone."""
    locale = get_locale() or Locale("en")
    date, time = locale.date_formats["long"].pattern, locale.time_formats["short"].pattern
    return str(locale.datetime_formats["long"]).replace("{1}", date).replace("{0}", time)


def _pattern(name: str, english: str) -> str:
    """Return the pattern of a date; English has one for all countries: 24 November 2026."""
    locale = get_locale()
    return english if locale is not None and locale.language == "en" else name


def joined(values: list[str]) -> str:
    """Return a list in words: a, b and c. If one value is markup, the result is markup and other values are escaped."""
    if any(isinstance(each, Markup) for each in values):
        places = format_list([f"{{{n}}}" for n in range(len(values))], locale=get_locale())
        return escape(places).format(*values)
    return format_list(values, locale=get_locale())


def with_pass_mark(result: float, pass_mark: float, *, reached: bool) -> tuple[str, str]:
    """Return a result and its pass mark with the fewest decimals (one to three) that do not contradict `reached`."""
    digits = next((n for n in (1, 2) if reached or round(result, n) < round(pass_mark, n)), 3)
    return str(format_decimal(round(result, digits))), str(format_decimal(round(pass_mark, digits)))
