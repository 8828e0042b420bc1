"""The likely number of officers able today, in words beside a what-if, where enough officers were watched."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _

from app.competence.queries import competencies as competence
from app.competence.service import capacity as capacity_lines
from app.competence.service.capacity import TOGETHER
from app.competence.shapes import CapacityLine
from app.plan import labels
from app.plan.domain.gaps import AskedCompetencies
from app.plan.queries import left_out


def text(asked: AskedCompetencies, today: date, country: str) -> str:
    """Return the likely number able today in the competency with the fewest, or why it is not shown."""
    lines = _lines(asked, today, country)
    if not lines or any(_likely(line) is None for line in lines):
        return _("Able today is not shown: not enough watched checks.")
    return _of_line(min(lines, key=lambda line: _likely(line) or 0))


def _of_line(line: CapacityLine) -> str:
    values = {"name": line.competency, "n": labels.number(round(_likely(line) or 0)), "need": labels.number(line.need)}
    if line.low is None or line.high is None:
        return _(
            "Able today in %(name)s, the lowest: about %(n)s of %(need)s who need it. No range: no surprise checks.",
            **values,
        )
    return _(
        "Able today in %(name)s, the lowest: about %(n)s of %(need)s who need it, likely %(low)s to %(high)s.",
        **values,
        low=labels.number(round(line.low)),
        high=labels.number(round(line.high)),
    )


def _lines(asked: AskedCompetencies, today: date, country: str) -> Sequence[CapacityLine]:
    """Return the capacity in the competencies, of the own country or without officers under threat of all."""
    if country:
        lines: Sequence[CapacityLine] = competence.capacity(today, today=today, country=country)
    else:
        lines = capacity_lines.by_country(today, left_out.protected_people()).get(TOGETHER, [])
    aims = {aim for role in asked.roles or {""} for aim in asked.aims((role,))}
    return [line for line in lines if (line.competency, line.level) in aims and line.need]


def _likely(line: CapacityLine) -> float | None:
    return line.expected if line.audited is None else line.audited
