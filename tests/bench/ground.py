"""Databases for measurements, filled by `flask populate`, with additional learners who have not started."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import update

from app.db.session import db, transaction
from app.factory import create_app
from app.identity.models import Country
from app.kernel import clock
from app.sign_in.domain import CodeKind
from app.sign_in.models import Passkey
from app.sign_in.queries import factors, sessions as accounts
from app.sign_in.service import second_factor
from tests.support import databases, factories
from tests.support.http_client import Visit
from tests.support.live import environment
from tests.support.settings import LITE, REPOSITORY, settings_for

NAME = "academy_bench"


@dataclass(frozen=True, slots=True)
class Ground:
    """A filled database."""

    database: str
    url: str
    folder: Path
    app: Flask
    accounts: Mapping[str, Any]
    seconds: float  # duration of `flask populate`

    def fresh(self, count: int) -> list[str]:
        """Add practitioners without courses and return their sign-in names."""
        with self.app.app_context():
            names = [f"bench{next(factories._numbers)}@example.org" for _ in range(count)]
            for name in names:
                factories.person(alias=name.partition("@")[0], mail=name, now=clock.real_now())
            db.session.remove()
        return names

    def person_with(self, role: str, offset: int = 0) -> str:
        """Return the sign-in name of a person with this role, from the middle of the list."""
        names = [one["mail"] for one in self.accounts["people"] if one["role"] == role]
        return str(names[(len(names) // 2 + offset) % len(names)])

    def second_step(self, visit: Visit, name: str) -> None:
        """Use a second factor after the password, if the person needs one.

        The person gets a passkey, which roles of administrators require on a live site, and signs in with a recovery
        code.
        """
        with self.app.app_context():
            found = accounts.credentials_by_name(name)
            assert found is not None
            follows = factors.second_factor_follows(found[0], clock.today())
            if follows:
                with transaction():
                    if not factors.has_passkey(found[0]):
                        db.session.add(_passkey(found[0]))
                    code = second_factor.make_codes(found[0], CodeKind.RECOVERY, clock.real_now())[0]
            db.session.remove()
        if follows:
            visit.page("/sign-in/second-step")
            assert visit.post("/sign-in/second-step", {"code": code}).status == 302

    @property
    def password(self) -> str:
        return str(self.accounts["password"])

    @property
    def course(self) -> Mapping[str, Any]:
        """Return a course with a test."""
        found: Mapping[str, Any] = next(one for one in self.accounts["courses"] if one["test"])
        return found


@contextmanager
def filled(database: str, people: int, folder: Path) -> Iterator[Ground]:
    folder.mkdir(parents=True)
    name = f"{NAME}_{people}"
    url = databases.sqlite_url(folder) if database == LITE else databases.postgres_url(name)
    settings = environment(folder, url, 8000, {"ACADEMY_MODE": "test"})
    _flask(settings, "db", "upgrade")
    began = time.monotonic()
    _flask(settings, "populate", "--people", str(people), "--out", str(folder / "accounts.json"))
    took = time.monotonic() - began
    app = create_app(settings_for(url))
    try:
        with app.app_context(), transaction():  # sign-in by password only is measured
            db.session.execute(update(Country).values(second_factor=False))
        told = json.loads((folder / "accounts.json").read_text())
        yield Ground(database, url, folder, app, told, took)
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        if database != LITE:
            databases.drop_postgres(name)


def _passkey(person_id: UUID) -> Passkey:
    """Return a passkey that is not used for sign-in."""
    return Passkey(
        person_id=person_id, credential_id=uuid4().hex, public_key="-", sign_count=0, made_at=clock.real_now()
    )


def _flask(settings: Mapping[str, str], *arguments: str) -> None:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    done = subprocess.run(command, cwd=REPOSITORY, env=settings, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"flask {arguments[0]}: {done.stdout[-500:]}\n{done.stderr[-2000:]}")
