"""The matrix and completion of a contact point with two thousand officers, and the file of completion."""

from pathlib import Path

from app.access.policy import Role, Scope
from app.db.session import db
from app.learning import jobs
from tests.bench import what_if
from tests.bench.capacity import COUNTRIES, first_byte, made, pages_of, visit_as
from tests.bench.figures import Figure
from tests.support import completion_site, factories
from tests.support.live import Server

OFFICERS = 2_000  # of each country
COUNTRY, CONTACT = "IQ", "Contact point of the bench"
PATHS = ("/country/matrix", "/country/matrix?show=competencies", "/country/matrix?needs=PRT-01", "/country/completion")
PAGE_MS, FIRST_BYTE_MS = 150, 150
FILE = "/plan/completion.csv?by=country&reason=meeting"  # files of over 100 officers need a second person


def measure(database: str, folder: Path) -> list[Figure]:
    """Return the figures of one database."""
    settings = {"ACADEMY_MODE": "demo", "DEMO_PATH": str(folder)}
    with made(database, folder) as (app, url):
        with app.app_context():
            site = completion_site.make()
            factories.person(
                alias=CONTACT, country=COUNTRY, roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, COUNTRY),)
            )
            db.session.remove()
        what_if.fill(app, OFFICERS * len(COUNTRIES))
        with app.app_context():
            completion_site.require(site)
            db.session.remove()
            jobs.recalculate_due()
            db.session.remove()
        with Server(folder, url, workers=1, settings=settings) as server:
            contact = visit_as(app, server, CONTACT)
            figures = pages_of(database, contact, PATHS, f"{OFFICERS:,} officers: ", PAGE_MS)
            milliseconds = first_byte(server, visit_as(app, server), FILE, len(COUNTRIES))
            figures.append(Figure(database, f"{FILE} first byte", milliseconds, "ms", FIRST_BYTE_MS))
    return figures
