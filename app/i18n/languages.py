"""Languages by code: own name, text direction, and which ones the interface has; names of countries."""

from dataclasses import dataclass

from babel import Locale
from flask_babel import get_locale


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its code, with its name in itself."""

    code: str
    name: str
    direction: str


RIGHT_TO_LEFT = frozenset({"ar", "ckb", "ur"})
NAMES = {
    "en": "English",
    "fr": "Français",
    "de": "Deutsch",
    "nl": "Nederlands",
    "hu": "Magyar",
    "bg": "Български",
    "mk": "Македонски",
    "sr": "Српски",
    "sr-Latn": "Srpski",
    "bs": "Bosanski",
    "az": "Azərbaycanca",
    "ar": "العربية",
    "ckb": "کوردیی ناوەندی",
    "ku": "Kurmancî",
    "ur": "اردو",
    "bn": "বাংলা",
}
INTERFACE = ("ar", "en", "fr")


def language(code: str) -> Language:
    """Return the language of a code; the name of an unknown one is its code."""
    return Language(code, NAMES.get(code, code), direction(code))


def direction(code: str) -> str:
    """Return rtl or ltr."""
    return "rtl" if code in RIGHT_TO_LEFT else "ltr"


def current() -> str:
    """Return the code of the language of the current page."""
    return str(get_locale() or "en").replace("_", "-")


def country_name(code: str) -> str:
    """Return a country's name in the language of this page."""
    locale = get_locale() or Locale("en")
    return str(locale.territories.get(code, code))


def language_name(code: str) -> str:
    """Return a language's name in the language of this page."""
    locale = get_locale() or Locale("en")
    return str(locale.languages.get(code.partition("-")[0], code))
