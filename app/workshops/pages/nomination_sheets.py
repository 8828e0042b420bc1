"""Build `/country/nominations/<workshop>/sheet`: the sheet to fill in, and its rows before they are confirmed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, lazy_gettext, ngettext
from flask_babel.speaklater import LazyString

from app.access.policy import Actor
from app.identity.queries import people as accounts
from app.identity.queries.people import OfficerLine
from app.kernel.folding import fold
from app.kernel.sheets.grid import FileProblem, UnreadableError
from app.web.pages import Page
from app.web.table_files import Row
from app.workshops import labels
from app.workshops.domain import nomination_sheets as sheets
from app.workshops.domain.nomination_sheets import (
    MOST_NOTE,
    MOST_SHEET_ROWS,
    CheckedNominee,
    NomineeColumn,
    NomineeProblem,
    RankedRow,
    RowProblem,
    SheetOfficer,
)
from app.workshops.domain.nominations import BEFORE_SELECTION, ENDED, LanguageLevel, NominationReason
from app.workshops.domain.ranking import MOST_NOMINATED
from app.workshops.forms.country_nominations import DEFAULT_REASON, fingerprint
from app.workshops.labels import nominations as nomination_labels
from app.workshops.pages import country_headings as headings, country_nomination_words as text
from app.workshops.pages.country_headings import NominationHeading
from app.workshops.pages.country_nomination_words import Titles
from app.workshops.pages.country_nominations import ranked_lines
from app.workshops.queries import nomination_candidates, nominations
from app.workshops.queries.country_nominations import CountryEvent
from app.workshops.queries.nomination_candidates import NominationCandidate
from app.workshops.queries.nominations import NominationLine

COLUMNS: Mapping[NomineeColumn, LazyString] = {
    NomineeColumn.RANK: lazy_gettext("1 for the first officer. Leave it empty for officers whom you do not nominate."),
    NomineeColumn.OFFICER: lazy_gettext("Alias or service number of the officer, never a name."),
    NomineeColumn.REASON: lazy_gettext("Reason, one of the list below. Empty: need of the country."),
    NomineeColumn.NOTE: lazy_gettext("More about the reason, if needed. No names or details of real cases."),
    NomineeColumn.ROLE: lazy_gettext("Role of the officer. It is not read."),
    NomineeColumn.NEEDS: lazy_gettext("Competencies of the event that the officer needs. It is not read."),
}
_FILES: Mapping[FileProblem, LazyString] = {
    FileProblem.EMPTY: lazy_gettext("Choose the filled sheet."),
    FileProblem.TOO_LARGE: lazy_gettext("The file is over 256 KB. Send fewer rows."),
    FileProblem.OLD_OR_LOCKED: lazy_gettext(
        "The file is in an old format or has a password. Save it as XLSX without one."
    ),
    FileProblem.NO_HEADS: lazy_gettext(
        "This is not the right sheet, or its first row was changed. Download the sheet again."
    ),
    FileProblem.NO_ROWS: lazy_gettext("No row has a rank. Enter a rank for each officer whom you nominate."),
    FileProblem.ENCODING: lazy_gettext("The encoding of the file is unclear. Save it as CSV UTF-8 or as XLSX."),
}
_PROBLEMS: Mapping[RowProblem, LazyString] = {
    RowProblem.DEFECT: lazy_gettext("Enter this cell as plain text, without a formula and not merged with others."),
    RowProblem.NOT_A_RANK: lazy_gettext("Enter the rank as a number, such as 1."),
    RowProblem.RANK_TWICE: lazy_gettext("Row %(row)s has the same rank. Change one of the two."),
    RowProblem.NO_OFFICER: lazy_gettext("Enter the alias or the service number of the officer."),
    RowProblem.UNKNOWN_OFFICER: lazy_gettext("No officer of your country has this alias or service number."),
    RowProblem.OFFICER_TWICE: lazy_gettext("Row %(row)s has the same officer. Remove one of the two."),
    RowProblem.OWN_PERSON: lazy_gettext("You cannot nominate yourself. Another contact point can."),
    RowProblem.DECIDED: lazy_gettext("This officer has a decision already. Remove the row."),
    RowProblem.UNKNOWN_REASON: lazy_gettext("Enter one of the reasons listed on the page of the sheet."),
    RowProblem.LONG_NOTE: lazy_gettext("Enter at most %(most)s characters."),
    RowProblem.TOO_MANY: lazy_gettext("Nominate at most %(nominated)s officers."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetCellLine:
    """A wrong cell of the sheet."""

    head: str
    value: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetNomineeLine:
    """A row of the sheet: the officer by alias, what the officer lacks, the status, and what is wrong."""

    number: int
    officer: str
    rank: str
    reason: str
    note: str
    lacks: Sequence[str]
    word: str
    kind: str
    problems: Sequence[SheetCellLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class NominationSheetPage(Page):
    """The sheet of an event to download and send; `rows` are those of a checked sheet."""

    template: ClassVar[str] = "workshops/nomination_sheet.html"
    heading: NominationHeading
    errors: Sequence[tuple[str, str]]
    columns: Sequence[tuple[str, str]]
    reasons: Sequence[str]
    limits: str
    files: Sequence[tuple[str, str]]
    rows: Sequence[SheetNomineeLine]
    wrong_rows: int
    taken_back: Sequence[str]
    fields: Sequence[tuple[str, str]]
    confirm: str
    check_url: str
    confirm_url: str


def page(actor: Actor, event: CountryEvent, error: str = "") -> NominationSheetPage:
    """Return the page before a sheet is sent, or with an error of the whole file."""
    return _page(actor, event, errors=[("sheet", error)] if error else [])


def checked_page(actor: Actor, event: CountryEvent, entered: Sequence[RankedRow], now: datetime) -> NominationSheetPage:
    """Return the rows of a sheet with what is wrong; if nothing is, with a button that nominates the officers."""
    lines = nominations.of_country(actor, event.workshop.id)
    officers = nomination_candidates.officers_by_text(event.country, sheets.officer_texts(entered), now.date())
    checked = sheets.check(
        entered,
        _sheet_officers(officers, lines),
        _reasons(),
        actor_id=actor.id,
        default=DEFAULT_REASON,
    )
    wrong_rows = sum(bool(row.problems) for row in checked)
    described = _described(event, list(officers.values()), lines, now)
    titles = text.titles(actor)
    ranked = [line.person_id for line in ranked_lines(lines)]
    return _page(
        actor,
        event,
        rows=[_row(row, described, titles, ranked) for row in checked],
        wrong_rows=wrong_rows,
        taken_back=_taken_back(checked, ranked) if not wrong_rows else [],
        fields=_fields(checked, ranked) if not wrong_rows else [],
    )


def template_table(actor: Actor, event: CountryEvent, now: datetime) -> tuple[Row, list[Row]]:
    """Return heads and rows of the sheet: ranked officers, officers who ask, then others without an obstacle."""
    lines = [line for line in nominations.of_country(actor, event.workshop.id) if line.person_id != actor.id]
    live = {line.person_id: line for line in lines if line.state in BEFORE_SELECTION}
    without = {actor.id, *live, *(line.person_id for line in lines if line.state not in ENDED)}
    others = nomination_candidates.candidates(event.workshop, event.country, now.date(), search="", without=without)
    officers = nomination_candidates.officers(event.country, live, now.date())
    in_order = sorted(officers.values(), key=lambda line: (live[line.person_id].rank or MOST_SHEET_ROWS, line.alias))
    asking = nomination_candidates.describe(event.workshop, in_order, _answers(live.values()), now.date())
    listed = [*asking, *(candidate for candidate in others if not candidate.obstacles)]
    titles = text.titles(actor)
    return tuple(NomineeColumn), [_template_row(candidate, live, titles) for candidate in listed]


def file_problem(error: UnreadableError) -> str:
    """Return why a file cannot be read, and what to do."""
    if error.problem is FileProblem.TOO_MANY_ROWS:
        return _("The sheet has more than %(most)s rows. Remove officers without a rank.", most=MOST_SHEET_ROWS)
    if error.problem is FileProblem.HEAD_TWICE:
        return _("The column %(name)s appears twice. Remove one.", name=error.value)
    if error.problem is FileProblem.HEAD_UNKNOWN:
        return _("The column %(name)s does not belong in this sheet. Remove it. Do not send names.", name=error.value)
    return str(_FILES.get(error.problem, _("This is not a sheet. Send an XLSX or CSV file.")))


def _page(
    actor: Actor,
    event: CountryEvent,
    *,
    errors: Sequence[tuple[str, str]] = (),
    rows: Sequence[SheetNomineeLine] = (),
    wrong_rows: int = 0,
    taken_back: Sequence[str] = (),
    fields: Sequence[tuple[str, str]] = (),
) -> NominationSheetPage:
    key = event.workshop.id
    return NominationSheetPage(
        heading=headings.heading(actor, event),
        errors=errors,
        columns=[(column.value, str(meaning)) for column, meaning in COLUMNS.items()],
        reasons=[str(label) for label in nomination_labels.REASONS.values()],
        limits=_(
            "XLSX or CSV, at most 256 KB and %(rows)s rows, of whom you nominate at most %(most)s.",
            rows=MOST_SHEET_ROWS,
            most=MOST_NOMINATED,
        ),
        files=[
            (form.upper(), url_for("workshops.download_nomination_sheet", workshop_id=key, form=form))
            for form in ("xlsx", "csv")
        ],
        rows=rows,
        wrong_rows=wrong_rows,
        taken_back=taken_back,
        fields=fields,
        confirm=ngettext("Nominate %(num)s officer", "Nominate %(num)s officers", len(rows)),
        check_url=url_for("workshops.check_nomination_sheet", workshop_id=key),
        confirm_url=url_for("workshops.nominate", workshop_id=key),
    )


def _sheet_officers(officers: Mapping[str, OfficerLine], lines: Iterable[NominationLine]) -> dict[str, SheetOfficer]:
    decided = {line.person_id for line in lines if line.state not in (*ENDED, *BEFORE_SELECTION)}
    return {
        key: SheetOfficer(line.person_id, line.alias, is_decided=line.person_id in decided)
        for key, line in officers.items()
    }


def _reasons() -> dict[str, NominationReason]:
    """Return the reasons by their values and by their labels in the language of the page, folded."""
    reasons = {fold(reason.value): reason for reason in NominationReason}
    return reasons | {fold(str(label)): reason for reason, label in nomination_labels.REASONS.items()}


def _answers(lines: Iterable[NominationLine]) -> dict[UUID, LanguageLevel | None]:
    return {line.person_id: line.language_level for line in lines}


def _described(
    event: CountryEvent, officers: Sequence[OfficerLine], lines: Iterable[NominationLine], now: datetime
) -> Mapping[UUID, NominationCandidate]:
    answers = _answers(line for line in lines if line.state in BEFORE_SELECTION)
    described = nomination_candidates.describe(event.workshop, officers, answers, now.date())
    return {candidate.person_id: candidate for candidate in described}


def _row(
    row: CheckedNominee, described: Mapping[UUID, NominationCandidate], titles: Titles, ranked: Sequence[UUID]
) -> SheetNomineeLine:
    candidate = described.get(row.officer.person_id) if row.officer else None
    word, kind = _status(row, ranked)
    return SheetNomineeLine(
        number=row.number,
        officer=row.officer.alias if row.officer else row.text,
        rank=_("Rank %(number)s", number=row.rank) if row.rank else "",
        reason=str(nomination_labels.REASONS[row.reason]),
        note=row.note,
        lacks=[text.obstacle(obstacle, titles) for obstacle in candidate.obstacles] if candidate else [],
        word=word,
        kind=kind,
        problems=[_problem(problem) for problem in row.problems],
    )


def _status(row: CheckedNominee, ranked: Sequence[UUID]) -> tuple[str, str]:
    if row.problems or row.officer is None:
        return _("Wrong"), "bad"
    return (_("Ranked already"), "none") if row.officer.person_id in ranked else (_("New"), "here")


def _problem(cell: NomineeProblem) -> SheetCellLine:
    values = {"row": cell.row, "most": MOST_NOTE, "nominated": MOST_NOMINATED}
    return SheetCellLine(head=cell.column.value, value=cell.value, message=str(_PROBLEMS[cell.problem]) % values)


def _taken_back(checked: Sequence[CheckedNominee], ranked: Sequence[UUID]) -> list[str]:
    """Return the aliases of officers who are ranked now and not in the sheet."""
    named = {row.officer.person_id for row in checked if row.officer}
    missing = [person_id for person_id in ranked if person_id not in named]
    return sorted(accounts.names(missing).values()) if missing else []


def _fields(checked: Sequence[CheckedNominee], ranked: Sequence[UUID]) -> list[tuple[str, str]]:
    """Return the fields of the form of nominations that these rows fill; nothing is stored before it is sent."""
    fields = [("before", fingerprint(ranked))]
    for row in checked:
        if row.officer is not None:
            key = row.officer.person_id
            fields += [("officer", str(key)), (f"rank-{key}", str(row.rank))]
            fields += [(f"reason-{key}", row.reason.value), (f"text-{key}", row.note)]
    return fields


def _template_row(candidate: NominationCandidate, live: Mapping[UUID, NominationLine], titles: Titles) -> Row:
    line = live.get(candidate.person_id)
    reason = line.nomination_reason if line else None
    return (
        line.rank if line else None,
        candidate.officer.alias,
        str(nomination_labels.REASONS[reason]) if reason else "",
        line.nomination_text if line else "",
        labels.audience(candidate.officer.roles, titles.roles),
        "; ".join(text.competency(code, titles) for code in candidate.needs),
    )
