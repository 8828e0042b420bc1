"""`flask competence simulate`: run the truth test, each seed in its own process, and print its verdict."""

import multiprocessing
import os
import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat

import click

from app.demo.truth.academy import Academy, opened
from app.demo.truth.scores import Score
from app.demo.truth.trial import COMPLETION, Trial, completion
from app.demo.truth.verdict import BASE_WORLD, SeedOutcome, together
from app.demo.truth.world import WORLDS, SimulatedWorld

SEEDS, OFFICERS = "200-207", 300
_SPAN = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")


def read_seeds(_context: click.Context, _option: click.Parameter, value: str) -> range:
    """Return the seeds of a text such as 200-207 or 200. Raises BadParameter for any other text."""
    span = _SPAN.fullmatch(value)
    seeds = range(int(span[1]), int(span[2] or span[1]) + 1) if span else range(0)
    if not seeds:
        raise click.BadParameter("Write the first and the last seed, such as 200-207.")
    return seeds


@click.command("simulate")
@click.option("--seeds", callback=read_seeds, default=SEEDS, show_default=True, help="First and last seed.")
@click.option("--officers", type=click.IntRange(20, 5000), default=OFFICERS, show_default=True, help="In each world.")
@click.option("--refit/--no-refit", default=True, show_default=True, help="Learn each quarter how fast skills fade.")
@click.option("--world", type=click.Choice(list(WORLDS)), default=BASE_WORLD, show_default=True, help="What is so.")
def simulate(seeds: range, officers: int, *, refit: bool, world: str) -> None:
    """Compare the capacity measure with invented officers who forget; exit with 1 if it is too far from the truth.

    The services run on a database in memory; the site's own is not touched. The worlds: base; guess90, where nine of
    ten can guess their way through what is not watched; click30, where 30 % click through and learn nothing; watched30,
    where 30 % are ever watched.
    """
    began, outcomes = time.monotonic(), []
    for seed, outcome in zip(seeds, outcomes_of(seeds, officers, refits=refit, world=world), strict=True):
        outcomes.append(outcome)
        click.echo(f"seed {seed}: {outcome.entries} sittings, {time.monotonic() - began:.0f} s", err=True)
    verdict = together(outcomes, world)
    for line in [*verdict.lines(), *(f"Missed: {fault}." for fault in verdict.faults)]:
        click.echo(line)
    if verdict.faults:
        raise click.exceptions.Exit(1)


def outcomes_of(seeds: Sequence[int], officers: int, *, refits: bool, world: str = BASE_WORLD) -> Iterator[SeedOutcome]:
    """Return the outcomes of seeds in their order, calculated on all processors."""
    fresh = multiprocessing.get_context("spawn")  # keys and database connections of this process are not shared
    with ProcessPoolExecutor(min(len(seeds), os.cpu_count() or 1), mp_context=fresh) as pool:
        yield from pool.map(outcome, seeds, repeat(officers), repeat(refits), repeat(world))


def outcome(seed: int, officers: int, refits: bool, world: str = BASE_WORLD) -> SeedOutcome:
    """Return the outcome of a seed, with services and with a completion count."""
    with opened():
        academy = Academy(officers)
        record = Trial(SimulatedWorld(officers, seed, WORLDS[world]), academy, seed, refits=refits).run()
    counted: dict[str, Score] = {COMPLETION: completion(SimulatedWorld(officers, seed, WORLDS[world]))}
    return SeedOutcome({**counted, **record.scores()}, record.covered(), academy.entries)
