"""The service of imports, called as a contact point."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from app.access.policy import Actor, Role, Scope
from app.db.session import db, transaction
from app.identity import service as accounts
from app.identity.domain.people import AgencyKind
from app.identity.models import Posting
from app.intake.domain import reading
from app.intake.domain.headers import key
from app.intake.domain.rows import AllowedValues, RowReader
from app.intake.domain.undo import UndoOutcome
from app.intake.domain.validation import RowKind
from app.intake.queries import imports as intake
from app.intake.service import sheet_import, undo as intake_undo
from app.intake.service.sheet_import import Imported, SheetOutdated, Stopped
from app.kernel import clock
from tests.support import factories, people_sheets as sheets
from tests.support.settings import NOW

EARLIER = NOW - timedelta(days=30)


class Room:
    """A contact point of IQ who imports sheets, with the allowed values of cells."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.actor = self.contact_point("IQ")
        with transaction():
            self.agencies = [
                (accounts.add_agency("IQ", AgencyKind.BORDER, name), name) for name in (sheets.AGENCY, "Coast guard")
            ]
        self.offered = AllowedValues(
            country="IQ",
            countries={"iq": "IQ"},
            agencies={"IQ": {key(name): (agency_id, name) for agency_id, name in self.agencies}},
            postings={"first responder": "first_responder", "investigator": "investigator"},
            roles={"officer": Role.PRACTITIONER, "supervisor": Role.SUPERVISOR},
            languages={"english": "en"},
        )

    def contact_point(self, country: str) -> Actor:
        grants = ((Role.CONTACT_POINT, Scope.COUNTRY, country),)
        with transaction():
            factories.agency(country)
        person_id = factories.person(country=country, roles=(), grants=grants)
        return Actor(person_id, country, frozenset({Role.CONTACT_POINT}))

    def officer(self, number: int, **facts: object) -> UUID:
        """Add an officer of the first agency with the values of `sheets.row` of this number."""
        made = factories.person(
            mail=f"new{number}@police.example",
            name=f"Test Person {number}",
            now=EARLIER,
            **facts,  # type: ignore[arg-type]
        )
        with transaction():
            for posting in db.session.scalars(select(Posting).where(Posting.person_id == made)):
                posting.agency_id = self.agencies[0][0]
        return made

    def check(self, rows: Sequence[Sequence[str]], actor: Actor | None = None) -> UUID:
        read = RowReader(reading.read_sheet(sheets.csv(rows)).headed, self.offered).rows()
        with transaction():
            made = sheet_import.check(actor or self.actor, read, (), now=clock.now(), real_now=clock.real_now())
        assert isinstance(made, UUID)
        return made

    def kinds(self, sheet_id: UUID) -> list[RowKind]:
        return [row.kind for row in intake.sheet(self.actor, sheet_id).content.rows]

    def carry_out(self, sheet_id: UUID, actor: Actor | None = None) -> Imported | SheetOutdated | Stopped:
        with transaction():
            return sheet_import.carry_out(
                actor or self.actor, sheet_id, lambda _role, _posting: "Officer of tests", "ar",
                now=clock.now(), real_now=clock.real_now(),
            )  # fmt: skip

    def imported(self, rows: Sequence[Sequence[str]]) -> UUID:
        done = self.carry_out(self.check(rows))
        assert isinstance(done, Imported)
        assert not done.is_repeated
        return done.batch_id

    def undo(self, batch_id: UUID) -> dict[int, UndoOutcome | None]:
        """Undo an import; return the outcome of each row."""
        with transaction():
            intake_undo.undo(self.actor, batch_id, now=clock.now(), real_now=clock.real_now())
        return {line.number: line.outcome for line in intake.lines_of(batch_id)}
