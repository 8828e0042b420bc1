"""The stories of the 13 countries: how many officers each has and how far they come in courses; 900 in all."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from app.demo.cast.roster import Player

GUIDE_COURSE, LAW, SIGNS, INTERVIEW, ONLINE = "H01", "M01", "M02", "M03", "M05"
NEW_COURSES = ("M04", "M09")  # published last: some of those who have done the others begin them


@dataclass(frozen=True, slots=True)
class SheetArrival:
    """Officers who came together, with a sheet of people: how many, days ago, and how many of ten have not started."""

    officers: int
    days_ago: int
    idle_tenths: int


@dataclass(frozen=True, slots=True)
class LessonStall:
    """The lesson (from 1) of a course in which most officers of a country stop, in tenths of those who come there."""

    code: str
    lesson: int
    tenths: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryStory:
    """How the officers of a country learn.

    `begins` and `completes` are ratios by course: of those with the course before who begin it, and of those who
    complete it. `arrivals`: the first and the last day of arrival, in days ago. `paces`: days between two steps.
    """

    officers: int
    begins: Mapping[str, float]
    completes: Mapping[str, float]
    arrivals: tuple[int, int] = (168, 70)
    paces: Sequence[float] = (0.7, 1.5, 2.5)
    skill: tuple[float, float] = (0.62, 0.95)
    sheet: SheetArrival | None = None
    stall: LessonStall | None = None
    restarts: float = 0.25  # ratio of unfinished courses whose last step is in the last three weeks


def _ratios(*values: float) -> dict[str, float]:
    """Return ratios for the guide and the courses, in their order; the new courses have the ratios of the last one."""
    ratios = dict(zip((GUIDE_COURSE, LAW, SIGNS, INTERVIEW, ONLINE), values, strict=True))
    return ratios | dict.fromkeys(NEW_COURSES, values[-1] / 2)


STORIES: Mapping[str, CountryStory] = {
    # the law course is done by nine of ten
    "IQ": CountryStory(
        officers=150, begins=_ratios(1, 1, 0.75, 0.5, 0.5), completes=_ratios(0.99, 0.93, 0.8, 0.7, 0.7),
        arrivals=(168, 124),
    ),
    # a sheet of 60 came in May
    "PK": CountryStory(
        officers=140, begins=_ratios(0.95, 0.95, 0.7, 0.4, 0.4), completes=_ratios(0.95, 0.85, 0.7, 0.6, 0.6),
        sheet=SheetArrival(60, 45, 6),
    ),
    "BD": CountryStory(
        officers=110, begins=_ratios(0.95, 0.95, 0.6, 0.3, 0.3), completes=_ratios(0.95, 0.84, 0.65, 0.6, 0.6),
        arrivals=(160, 60),
    ),
    # on track
    "BG": CountryStory(
        officers=95, begins=_ratios(1, 1, 0.97, 0.8, 0.8), completes=_ratios(1, 0.98, 0.95, 0.9, 0.9),
        arrivals=(168, 110), skill=(0.75, 0.97),
    ),
    "RS": CountryStory(
        officers=85, begins=_ratios(1, 0.98, 0.95, 0.95, 0.7), completes=_ratios(1, 0.93, 0.9, 0.3, 0.8),
        arrivals=(168, 120), paces=(0.7, 1.2, 1.8), stall=LessonStall(INTERVIEW, 5, 8), restarts=0.1,
    ),
    # silent: many are overdue
    "AZ": CountryStory(
        officers=70, begins=_ratios(0.85, 0.85, 0.5, 0.3, 0.3), completes=_ratios(0.9, 0.5, 0.5, 0.5, 0.5),
        arrivals=(165, 90), restarts=0.1,
    ),
    # above its target
    "MK": CountryStory(
        officers=60, begins=_ratios(1, 1, 0.98, 0.9, 0.9), completes=_ratios(1, 0.99, 0.97, 0.95, 0.95),
        arrivals=(168, 120), skill=(0.75, 0.97),
    ),
    "BA": CountryStory(
        officers=55, begins=_ratios(0.97, 0.97, 0.8, 0.5, 0.5), completes=_ratios(0.97, 0.88, 0.75, 0.7, 0.7),
    ),
    "HU": CountryStory(
        officers=45, begins=_ratios(0.95, 0.9, 0.7, 0.4, 0.4), completes=_ratios(0.97, 0.9, 0.7, 0.6, 0.6),
    ),
    # completed early, so that the law course is due again
    "AT": CountryStory(
        officers=35, begins=_ratios(1, 1, 0.8, 0.6, 0.6), completes=_ratios(1, 0.97, 0.85, 0.8, 0.8),
        arrivals=(168, 148), paces=(0.4, 0.8, 1.3),
    ),
    "FR": CountryStory(
        officers=25, begins=_ratios(0.98, 0.98, 0.8, 0.5, 0.5), completes=_ratios(0.98, 0.95, 0.75, 0.7, 0.7),
    ),
    "DE": CountryStory(
        officers=20, begins=_ratios(0.98, 0.98, 0.8, 0.5, 0.5), completes=_ratios(0.97, 0.92, 0.75, 0.7, 0.7),
    ),
    "NL": CountryStory(
        officers=10, begins=_ratios(1, 1, 0.8, 0.6, 0.6), completes=_ratios(1, 0.97, 0.8, 0.7, 0.7),
    ),
}  # fmt: skip
OFFICERS = sum(story.officers for story in STORIES.values())


@dataclass(slots=True)
class SheetArrivals:
    """How many officers of each country still come with a sheet."""

    left: dict[str, int] = field(
        default_factory=lambda: {code: story.sheet.officers for code, story in STORIES.items() if story.sheet}
    )

    def take(self, country: str) -> SheetArrival | None:
        """Return the sheet with which the next officer of a country comes, or None."""
        if not self.left.get(country):
            return None
        self.left[country] -= 1
        return STORIES[country].sheet


def further_countries(served: Sequence[Player], seed: int) -> list[str]:
    """Return a country for each officer whom the stories have beside those who are written by services."""
    present = Counter(player.country for player in served)
    countries = [code for code, story in STORIES.items() for _officer in range(max(0, story.officers - present[code]))]
    Random(seed).shuffle(countries)  # noqa: S311 - invented people, no secret
    return countries
