"""A check for the selected officers of the matrix: choose the competencies, then go to the form of a sitting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_babel import gettext as _, ngettext

from app.catalogue.domain.references.competencies import Competencies
from app.checks.domain.keys import key_of
from app.competence.labels import competencies
from app.coordination.domain.checks import MOST_COMPETENCIES, CheckChoice
from app.coordination.forms import MatrixForm
from app.coordination.pages.matrix import MatrixSite, competency_head
from app.coordination.pages.matrix_bulk import back_to
from app.identity.queries.people import OfficerLine
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """A competency to choose; `asked` says how many of the officers asked for it, "" for none."""

    key: str
    name: str
    level: str
    officers: str
    asked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkCheckPage(Page):
    """The choice of competencies; `elsewhere` are those that no sitting can verify yet."""

    template: ClassVar[str] = "coordination/matrix_check.html"
    lead: str
    hint: str
    aliases: Sequence[str]
    ids: Sequence[str]
    rows: Sequence[CheckRow]
    elsewhere: Sequence[str]
    error: str
    hidden: Mapping[str, str]
    url: str
    back: tuple[str, str]


def choice_page(
    officers: Sequence[OfficerLine],
    choices: Sequence[CheckChoice],
    filters: MatrixForm,
    framework: Competencies,
    *,
    site: MatrixSite,
    error: str = "",
) -> BulkCheckPage:
    """Return the page on which the competencies are chosen."""
    return BulkCheckPage(
        lead=ngettext("For %(num)s officer.", "For %(num)s officers.", len(officers)),
        hint=_("At most %(n)s. Officers who lack none of them are left out.", n=MOST_COMPETENCIES),
        aliases=[line.alias for line in officers],
        ids=[str(line.person_id) for line in officers],
        rows=[_row(choice, framework) for choice in choices if choice.in_sitting],
        elsewhere=_elsewhere(choices, framework),
        error=error,
        hidden=filters.chosen_values(),
        url=site.url("create", "check"),
        back=back_to(filters, site),
    )


def _row(choice: CheckChoice, framework: Competencies) -> CheckRow:
    asked = choice.asked
    return CheckRow(
        key=key_of(choice.competency, choice.level),
        name=competency_head(framework, choice.competency),
        level=competencies.level(choice.level),
        officers=ngettext("%(num)s officer lacks it", "%(num)s officers lack it", len(choice.officers)),
        asked=ngettext("%(num)s asked for it", "%(num)s asked for it", asked) if asked else "",
    )


def _elsewhere(choices: Sequence[CheckChoice], framework: Competencies) -> list[str]:
    """Return the competencies of which a level cannot be verified in a sitting, each once."""
    names = dict.fromkeys(choice.competency for choice in choices if not choice.in_sitting)
    return [competency_head(framework, name) for name in names]
