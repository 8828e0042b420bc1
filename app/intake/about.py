"""What importing holds about a person."""

from app.db.about import Part
from app.intake.models import Batch, BatchLine

# imports that they made, without the people in them; rows of imports that changed them
ABOUT: tuple[Part, ...] = (
    Part(
        "imports",
        "Sheets that you imported, without the people in them.",
        Batch,
        (Batch.person_id, Batch.undone_by),
        leave=("sheet_id",),
    ),
    Part(
        "imported",
        "What a sheet of your contact point changed of you.",
        BatchLine,
        (BatchLine.person_id,),
        keep=("number", "changes", "outcome"),
        texts=frozenset({"changes"}),
    ),
)
