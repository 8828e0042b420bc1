"""The framework and the rubrics of the academy's own folder, loaded once."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.versions import ReferenceKind
from app.catalogue.models import Reference
from app.catalogue.service.preparation import as_json
from app.db.session import db, transaction

COURSES = Path(__file__).parents[2] / "courses"
LOADED = datetime(2027, 1, 1, tzinfo=UTC)


@cache
def bodies() -> dict[ReferenceKind, str]:
    names = ("competencies", "rubrics")
    files = {path: raw for path, raw in files_on_disk(COURSES).items() if path.startswith(names)}
    references = read_folder(files)[0].references
    return {
        ReferenceKind.COMPETENCIES: as_json(references.competencies),
        ReferenceKind.RUBRICS: as_json(references.rubrics),
    }


def load(number: int = 1) -> None:
    """Load both as this edition in a transaction of their own."""
    with transaction():
        db.session.add_all(
            Reference(kind=kind, number=number, fingerprint="x", body=body, loaded_at=LOADED)
            for kind, body in bodies().items()
        )


CRITERIA = ("plan", "separate", "talk", "refusal", "refer")  # of VIC-02.practitioner
SECURELY, ALONE = dict.fromkeys(CRITERIA, 3), dict.fromkeys(CRITERIA, 2)
