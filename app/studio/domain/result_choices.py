"""The filter of the results page: a version, whole months and a language, as the address names them."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from app.kernel.errors import InputError

# whole months: results of two ranges that differ by a day would be those of single officers
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
NAMES = ("version", "from", "to", "language")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultChoice:
    """The chosen version (None: all), first and last month ("": no limit), and language of tests and cases."""

    version: int | None = None
    first_month: str = ""
    last_month: str = ""
    language: str = ""

    @property
    def begins(self) -> datetime | None:
        """Return the first moment of the first month."""
        return _start(self.first_month) if self.first_month else None

    @property
    def ends(self) -> datetime | None:
        """Return the first moment after the last month."""
        return _start(next_month(self.last_month)) if self.last_month else None

    @property
    def is_limited(self) -> bool:
        """Return whether anything is chosen."""
        return self != ResultChoice()

    @property
    def values(self) -> Mapping[str, str]:
        """Return the values of an address, without empty ones."""
        version = "" if self.version is None else str(self.version)
        pairs = zip(NAMES, (version, self.first_month, self.last_month, self.language), strict=True)
        return {name: value for name, value in pairs if value}


def read_choice(values: Mapping[str, str], *, versions: Collection[int], languages: Collection[str]) -> ResultChoice:
    """Return the choice of an address. Raises InputError for a version, month or language that does not exist."""
    version, first, last, language = (values.get(name, "") for name in NAMES)
    if version not in {"", *map(str, versions)}:
        raise InputError("This course has no such version. Choose one from the list.")
    if language not in {"", *languages}:
        raise InputError("This course is not written in that language. Choose one from the list.")
    _check_months(first, last)
    return ResultChoice(
        version=int(version) if version else None, first_month=first, last_month=last, language=language
    )


def _check_months(first: str, last: str) -> None:
    if not all(MONTH.fullmatch(month) for month in (first, last) if month):
        raise InputError("This month cannot be read. Choose one from the list.")
    if first and last and first > last:
        raise InputError("The first month is after the last one. Choose an earlier month.")


def months(first: date, last: date) -> Sequence[str]:
    """Return the months from a day to another one, such as 2027-01, the newest first."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in reversed(numbers)]


def next_month(month: str) -> str:
    """Return the month after a month."""
    year, number = (int(part) for part in month.split("-"))
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def _start(month: str) -> datetime:
    year, number = (int(part) for part in month.split("-"))
    return datetime(year, number, 1, tzinfo=UTC)
