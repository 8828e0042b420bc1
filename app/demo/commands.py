"""`flask demo` (fill once, then run web server and jobs), `fill-demo`, `populate` and `check-invariants`."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import click
from flask.cli import with_appcontext
from flask_migrate import upgrade

from app.backup.queries.invariants import checks
from app.db.session import db
from app.demo import demo_folder, locked_quarter, populate, year
from app.demo.history import backup_runs, learning, library, past_completions, pending_invitations
from app.demo.rows.bulk_insert import garbage_collection_paused, relax_durability, relaxed_durability
from app.demo.rows.worker_process import started
from app.kernel import clock
from app.kernel.errors import DomainError
from app.plan import jobs as plan
from app.processes import JOBS, Program, web
from app.sign_in.service import passwords
from app.studio import jobs as studio
from app.web.settings import settings
from config import Mode

SEED = 1
PATIENCE = 60.0  # seconds to wait for the web server
ADDRESSES = """
COLEP Academy demo   {site}        (Ctrl+C stops; flask demo --fresh starts again)
Sign in as   practitioner  /demo/practitioner     trainer       /demo/trainer
             contact point /demo/contact-point    coordinator   /demo/coordinator
             assessor      /demo/assessor         administrator /demo/administrator
             supervisor    /demo/supervisor       investigator  /demo/investigator
             digital investigator  /demo/digital-investigator
"""


def demo_command(run_together: Callable[[Sequence[Program]], int]) -> click.Command:
    """Return `flask demo`; `run_together` runs programs side by side and returns an exit code."""

    @click.command("demo")
    @click.option("--fresh", is_flag=True, help="Delete the demonstration and fill a new one.")
    @click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
    def demo(*, fresh: bool, port: int) -> None:
        """Start the academy with invented people, on this machine only."""
        home = demo_folder.folder()
        if demo_folder.is_of_a_site(home):
            raise click.ClickException(f"{home} is the folder of a site. Set DEMO_PATH to another folder.")
        if _answers(port):
            raise click.ClickException(
                f"Port {port} is taken. Stop the program that uses it, or choose another: flask demo --port {port + 1}"
            )
        demo_folder.take_over(home, port)
        if fresh or not demo_folder.is_filled(home):
            demo_folder.empty(home)
            _run_fill()
        threading.Thread(target=_greet, args=(port,), daemon=True).start()
        raise click.exceptions.Exit(run_together([web("127.0.0.1", port, "--workers", "2"), JOBS]))

    return demo


@click.command("fill-demo", hidden=True)
@with_appcontext
def fill() -> None:
    """Fill the empty database of the demonstration: tables, courses, people, a year."""
    if settings().mode is not Mode.DEMO:
        raise click.ClickException("This command fills the database of the demonstration only: use `flask demo`.")
    relax_durability(db.engine)
    with garbage_collection_paused():  # it would also copy the memory that forked processes share
        _fill()


def _fill() -> None:
    now = demo_folder.begin(settings().demo_path, clock.machine_now())
    with _step("Tables"):
        upgrade()
    with _step("Courses"):
        stocks = library.render(settings().courses_paths)
    password_hash = passwords.make_password_hash(demo_folder.set_password(settings().demo_path))
    filled = year.fill(
        stocks, now, password_hash=password_hash, people=year.SERVED, seed=SEED, with_crowd=True, step=_step
    )
    with _step("Open invitations"):
        pending_invitations.invite(clock.real_now())
        pending_invitations.invite_waiting(clock.real_now())
    with _step("The mails of this week"):
        learning.mail_of_the_week(now)
    with _step("Backups"):
        backup_runs.add_examples(clock.real_now())
    with _step("Checking, drawing reports"), started(partial(locked_quarter.draw, filled.reports)) as drawn:
        plan.check_nightly()
        studio.count_flags()
        locked_quarter.store(filled.reports, drawn())
    demo_folder.store_sheet(settings().demo_path, past_completions.sheet_to_send(filled.office.officers, now))
    demo_folder.note_filled(settings().demo_path)


@click.command("populate")
@click.option("--people", required=True, type=click.IntRange(1, 1_000_000), help="Number of practitioners.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same people.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="File for names and ids.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day up to which they live; else today.")
@with_appcontext
def populate_command(people: int, seed: int, out: Path, day: datetime | None) -> None:
    """Fill an empty database of a test or demonstration with many people, for tests of load, faults and security."""
    try:
        populate.refuse_unless_empty(settings().mode)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    now = clock.real_now() if day is None else datetime.combine(day, clock.real_now().time(), UTC)
    db.session.rollback()  # an open connection would keep its settings
    with _step(f"{people} people"), relaxed_durability(db.engine):
        summary = populate.fill(people, seed, settings().courses_paths, now)
    out.write_text(json.dumps(summary, indent=1), "utf-8")
    out.chmod(0o600)


@click.command("check-invariants")
@with_appcontext
def check_invariants() -> None:
    """Print each row that no service would have written; exit with 1 if there is one."""
    count = 0
    for fault in checks.faults():
        click.echo(fault)
        count += 1
    click.echo(f"{count} faults")
    if count:
        raise click.exceptions.Exit(1)


COMMANDS = (check_invariants, fill, populate_command)


def _run_fill() -> None:
    click.echo("Filling the demonstration (about a minute) ...")
    done = subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", "fill-demo"], check=False)
    if done.returncode:
        raise click.exceptions.Exit(done.returncode)


@contextmanager
def _step(name: str) -> Iterator[None]:
    began = time.monotonic()
    click.echo(f"  {name} ... ", nl=False)
    yield
    click.echo(f"{time.monotonic() - began:.1f} s")


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _greet(port: int) -> None:
    """Print the addresses as soon as the web server answers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.2)
        else:
            click.echo(ADDRESSES.format(site=f"http://localhost:{port}"))
            return
