"""What importing holds about a person."""

from app.db.about import Part
from app.intake.models import Batch, BatchLine, ExportWish, OfficersTaken

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
    Part(
        "officers_taken",
        "How many people you took along in files, within a day.",
        OfficersTaken,
        (OfficersTaken.person_id,),
    ),
    Part(
        "export_wishes",
        "That you asked for a second person to take people along, or were the second one.",
        ExportWish,
        (ExportWish.person_id, ExportWish.answered_by),
    ),
)
