"""Personal data in the tables of intake, for the export of own data."""

from app.db.personal_data import PersonalDataTable
from app.intake.models import Batch, BatchLine, ExportWish, OfficersTaken

# imports of the person, without the imported people; rows of imports that changed the person
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
        "Your data that a sheet of your contact point changed.",
        BatchLine,
        (BatchLine.person_id,),
        keep=("number", "changes", "outcome"),
        texts=frozenset({"changes"}),
    ),
    PersonalDataTable(
        "officers_taken",
        "How many people the files had that you exported within a day.",
        OfficersTaken,
        (OfficersTaken.person_id,),
    ),
    PersonalDataTable(
        "export_wishes",
        "Your requests to export more people, and the requests that you answered.",
        ExportWish,
        (ExportWish.person_id, ExportWish.answered_by),
    ),
)
