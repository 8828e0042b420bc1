"""What the pages of contact points and supervisors show, as plain values: aliases, counts, states, dates."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.competence.forms import OfficersForm
from app.competence.labels import competencies as competence_competencies
from app.competence.queries.officers import PAGE, CompetencyCounts, Seen
from app.competence.shapes import ClaimLine, CompetencyStatus
from app.i18n.babel import joined
from app.i18n.languages import current
from app.identity.queries.people import OfficerLine


def roles(framework: Competencies) -> list[tuple[str, str]]:
    """Return the framework's roles with their titles, to choose from."""
    titles = competence_competencies.role_titles(framework, current())
    return [(one.id, titles.get(one.id, one.id)) for one in framework.roles]


def posting_roles(language: str) -> list[tuple[str, str]]:
    """Return the roles of the framework in force with their titles in a language, for rooms that know of none."""
    framework = catalogue.competencies() or Competencies()
    titles = competence_competencies.role_titles(framework, language)
    return [(one.id, titles.get(one.id, one.id)) for one in framework.roles]


def competencies(framework: Competencies) -> list[tuple[str, str]]:
    """Return the framework's competencies with their titles, to choose from."""
    return [
        (one.id, f"{one.id} {competence_competencies.title(framework, one.id).text}") for one in framework.competencies
    ]


def listing(
    found: Sequence[OfficerLine], tallies: Mapping[UUID, CompetencyCounts], framework: Competencies, form: OfficersForm
) -> dict[str, Any]:
    """Return a page of officers; `found` holds one more than a page when there are more."""
    shown, more = found[:PAGE], len(found) > PAGE
    here = {name: form[name].data for name in ("role", "state") if form[name].data}
    titles = competence_competencies.role_titles(framework, current())
    return {
        "officers": [_row(one, tallies[one.person_id], titles) for one in shown],
        "form": form,
        "chips": [
            (dict(form[name].pairs).get(value, value), url_for("competence.show_officers", **(here | {name: None})))
            for name, value in here.items()
        ],
        "first": url_for("competence.show_officers", **here) if form.after.data else "",
        "onward": url_for("competence.show_officers", **here, after=shown[-1].alias) if more else "",
        "all_url": url_for("competence.show_officers"),
    }


def one(seen: Seen, standings: Sequence[CompetencyStatus], framework: Competencies) -> dict[str, Any]:
    """Return the page of an officer: states and dates, no answers, no times."""
    titles = competence_competencies.role_titles(framework, current())
    person_id = seen.person_id
    rows = [competence_competencies.row(stands, framework) | _dropping(person_id, stands) for stands in standings]
    return {
        "alias": seen.officer.alias,
        "agency": seen.officer.agency,
        "roles": _roles(seen.officer, titles),
        "needs": [row for row in rows if row["needed"]],
        "also": [row for row in rows if not row["needed"]],
        "summary": competence_competencies.summary([stands for stands in standings if stands.needed is not None]),
        "need_url": url_for("competence.add_need", person_id=person_id),
    }


def claims(
    lines: Sequence[ClaimLine], aliases: Mapping[UUID, str], framework: Competencies, page: int
) -> list[dict[str, Any]]:
    """Return a page of the claims that wait; an answer leads back to it."""
    here = page if page > 1 else None
    return [
        _claim(line, aliases.get(line.person_id, ""), framework)
        | {"url": url_for("competence.decide_claim", claim_id=line.id, page=here)}
        for line in lines
    ]


def _claim(line: ClaimLine, alias: str, framework: Competencies) -> dict[str, Any]:
    named = competence_competencies.title(framework, line.competency)
    return {
        "id": str(line.id),
        "alias": alias,
        "code": line.competency,
        "name": named.text,
        "lang": named.lang,
        "dir": named.dir,
        "level": competence_competencies.level(line.level),
        "means": competence_competencies.meaning(framework, line.competency, line.level),
        "at": line.claimed_at,
    }


def _row(officer: OfficerLine, tally: CompetencyCounts, titles: Mapping[str, str]) -> dict[str, Any]:
    word, kind = _state(tally)
    return {
        "alias": officer.alias,
        "href": url_for("competence.show_officer", person_id=officer.person_id),
        "roles": _roles(officer, titles),
        "agency": officer.agency,
        "verified": tally.verified,
        "needed": tally.needed,
        "due": tally.due,
        "lapsed": tally.lapsed,
        "next_end": tally.next_end,
        "word": word,
        "kind": kind,
    }


def _state(tally: CompetencyCounts) -> tuple[str, str]:
    if tally.lapsed:
        return _("Lapsed"), "bad"
    if tally.due:
        return _("Due in 60 days"), "risk"
    if tally.needed and tally.verified == tally.needed:
        return _("All verified"), "good"
    return (_("Under way"), "here") if tally.verified else (_("Nothing verified yet"), "open")


def _roles(officer: OfficerLine, titles: Mapping[str, str]) -> str:
    return joined([titles.get(role, role) for role in officer.roles])


def _dropping(person_id: UUID, stands: CompetencyStatus) -> dict[str, str]:
    if not stands.by_name:
        return {"drop_url": ""}
    return {"drop_url": url_for("competence.delete_need", person_id=person_id, competency=stands.competency)}
