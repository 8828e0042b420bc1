"""Rules on the content of courses and on security incidents: counts that are about no officer."""

from datetime import date
from statistics import median

from app.plan.domain.contributions import ContributionPeriod, Settings
from app.plan.domain.result_records import CourseContent, IncidentList, IncidentSpan
from app.plan.domain.spans import DAY


def content_marked(course: CourseContent, settings: Settings) -> list[ContributionPeriod]:
    """Count the items of a published version until the next one, and those with mark, licence and source."""
    return [
        ContributionPeriod(
            thing=f"content:{edition.number}",
            since=edition.published,
            until=None if edition.replaced is None else edition.replaced - DAY,
            numerator=float(sum(item.is_complete for item in edition.items)),
            denominator=float(len(edition.items)),
        )
        for edition in course.editions
        if edition.items and (edition.replaced is None or edition.replaced > edition.published)
    ]


def incidents(listed: IncidentList, settings: Settings) -> list[ContributionPeriod]:
    """Count each incident of the plan's period from its first day to the end of the plan; drills do not count."""
    return [
        ContributionPeriod(thing=f"incident:{incident.id}", since=incident.begun, until=listed.ends)
        for incident in counted_incidents(listed)
    ]


def counted_incidents(listed: IncidentList) -> list[IncidentSpan]:
    """Return the incidents that began within the period of the plan, without drills."""
    return [
        incident
        for incident in listed.incidents
        if not incident.drill and listed.starts <= incident.begun <= listed.ends
    ]


def median_days(listed: IncidentList, day: date) -> float | None:
    """Return the median days from the beginning to the end of the incidents ended by a day, None without one."""
    lengths = [
        (incident.ended - incident.begun).days
        for incident in counted_incidents(listed)
        if incident.ended is not None and incident.ended <= day
    ]
    return float(median(lengths)) if lengths else None
