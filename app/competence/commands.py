"""`flask competence`: replay (check or repair results), void and collect evidence, refit (speed of fading)."""

from collections import defaultdict

import click
from flask.cli import AppGroup
from sqlalchemy.exc import NoResultFound

from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.competence.domain import refit as refitting
from app.competence.domain.assessment import rules
from app.competence.domain.refit import WatchedCheck
from app.competence.queries import consistency_checks, rule_inputs
from app.competence.service import evidence, evidence_records, rollups, store
from app.db.session import db, transaction
from app.identity.queries import people, postings
from app.kernel import clock
from app.kernel.errors import DomainError

competence = AppGroup("competence", help="What officers can do: replay, collect and void evidence, refit.")


@competence.command("replay")
@click.option("--mend", is_flag=True, help="Make again what differs, as after a changed framework or newer rules.")
def replay(*, mend: bool) -> None:
    """Make everything again from the evidence and compare; exit with 1 when something differs."""
    if mend:
        _mend()
    differences = list(consistency_checks.faults())
    for difference in differences:
        click.echo(difference)
    if differences:
        raise click.exceptions.Exit(1)
    click.echo("All stored statuses agree with the evidence.")


@competence.command("void")
@click.argument("number", type=int)
@click.option("--by", "alias", required=True, help="Alias of the person who takes it out.")
@click.option("--reason", required=True, help="Why, in a sentence.")
def void(number: int, *, alias: str, reason: str) -> None:
    """Take a piece of evidence out by its number; what followed from it is made again."""
    person_id = people.person_by_alias(alias)
    if person_id is None:
        raise click.ClickException("No person has this alias.")
    try:
        with transaction():
            evidence_records.void(number, by=person_id, reason=reason, now=clock.now())
    except NoResultFound:
        raise click.ClickException("There is no evidence with this number.") from None
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Evidence {number} is out.")


@competence.command("collect")
def collect() -> None:
    """Record what was done in courses before as evidence; what is known already is left alone.

    Tests and cases of which only the results are kept are passed over: the marks and choices are gone.
    """
    count, people, after = 0, 0, None
    while ids := postings.posting_page(after, consistency_checks.PAGE):
        for person_id in ids:
            with transaction():
                news = evidence.of_person(person_id)
                added = sum(number is not None for number in evidence_records.add_known(news, clock.now()))
            count, people = count + added, people + (added > 0)
        after = ids[-1]
    click.echo(f"{count} pieces of evidence on {people} people.")


@competence.command("refit")
def refit() -> None:
    """Propose how fast each competency fades, by what watched checks found; the framework's file is not touched."""
    framework = catalogue.competencies() or Competencies()
    met: dict[str, list[WatchedCheck]] = defaultdict(list)
    for ids in consistency_checks.pages():
        for (_person, name), book in rule_inputs.stored_books(ids).items():
            met[name] += refitting.fading_checks(book.rows, rules(framework, name))
        db.session.rollback()
    for entry in framework.competencies:
        assumed = rules(framework, entry.id)(entry.levels[0]).parameters
        proposal = refitting.half_gain(met[entry.id], assumed)
        if proposal is None:
            click.echo(f"{entry.id}: {len(met[entry.id])} checks, {refitting.LEAST_CHECKS} are needed.")
        elif proposal == round(assumed.half_gain):
            click.echo(f"{entry.id}: {len(met[entry.id])} checks agree with {proposal} days.")
        else:
            current = f"{assumed.half_gain:.0f} days are assumed"
            click.echo(f"{entry.id}: half_gain = {proposal}  # {len(met[entry.id])} checks, {current}")


def _mend() -> None:
    """Make again what differs, a person in a transaction, so that a run that is broken off goes on from there."""
    for ids in consistency_checks.pages():
        differing = list(consistency_checks.different(ids))
        db.session.rollback()
        for person_id in differing:
            with transaction():
                evidence_records.rebuild(person_id, clock.now())
        if differing:
            click.echo(f"Made again for {len(differing)} people.")
    with transaction():
        store.recount_months()
    for day in rollups.waiting(clock.today()):
        sums = rollups.sums(day)
        db.session.rollback()
        with transaction():
            rollups.store(day, sums)
