"""The form that limits the results of a course to a version, to months and to a language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.catalogue.queries import courses as catalogue
from app.catalogue.queries.versions import VersionLine
from app.i18n.babel import as_known
from app.i18n.languages import language_name
from app.studio.domain.result_choices import ResultChoice, months, read_choice

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFilterField:
    """A choice of the filter with its offered values; `value` is the chosen one."""

    name: str
    label: str
    options: Pairs
    value: str


def read(values: Mapping[str, str], editions: Sequence[VersionLine]) -> ResultChoice:
    """Return the choice of an address. Raises InputError for an unknown value."""
    return read_choice(
        values, versions=[edition.number for edition in editions], languages=_languages(editions)
    )  # fmt: skip


def fields(choice: ResultChoice, editions: Sequence[VersionLine], today: date) -> list[ResultFilterField]:
    """Return the choices of the form."""
    first = min(edition.published_at.date() for edition in editions)
    offered = [(month, as_known(month)) for month in months(first, today)]
    versions = [(str(edition.number), _("Version %(n)s", n=edition.number)) for edition in editions]
    languages = [(code, language_name(code)) for code in _languages(editions)]
    return [
        _field("version", _("Version"), versions, choice),
        _field("from", _("From"), offered, choice),
        _field("to", _("To"), offered, choice),
        _field("language", _("Language of test and case"), languages, choice),
    ]


def _field(name: str, label: str, pairs: Pairs, choice: ResultChoice) -> ResultFilterField:
    value = choice.values.get(name, "")
    offered = [*pairs] if not value or value in dict(pairs) else [*pairs, (value, as_known(value))]
    return ResultFilterField(name=name, label=label, options=[("", _("All")), *offered], value=value)


def _languages(editions: Sequence[VersionLine]) -> list[str]:
    """Return the languages of all versions of a course."""
    return sorted({code for edition in editions for code in catalogue.outline(edition.id).words})
