"""What importing holds about a person."""

from app.db.personal_data import PersonalDataTable
from app.intake.models import Batch, BatchLine, ExportWish, OfficersTaken

# imports that they made, without the people in them; rows of imports that changed them
PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable(
        "imports",
        "Sheets that you imported, without the people in them.",
        Batch,
        (Batch.person_id, Batch.undone_by),
        leave=("sheet_id",),
    ),
    PersonalDataTable(
        "imported",
        "What a sheet of your contact point changed of you.",
        BatchLine,
        (BatchLine.person_id,),
        keep=("number", "changes", "outcome"),
        texts=frozenset({"changes"}),
    ),
    PersonalDataTable(
        "officers_taken",
        "How many people you took along in files, within a day.",
        OfficersTaken,
        (OfficersTaken.person_id,),
    ),
    PersonalDataTable(
        "export_wishes",
        "That you asked for a second person to take people along, or were the second one.",
        ExportWish,
        (ExportWish.person_id, ExportWish.answered_by),
    ),
)
