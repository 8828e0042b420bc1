"""Personal data in the tables of operations, for the export of own data."""

from app.db.personal_data import PersonalDataTable
from app.operations.models import FirstRun

# that they set the site up as its first administrator
PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable(
        "first_run",
        "That you set the site up, as its first administrator.",
        FirstRun,
        (FirstRun.person_id,),
        leave=("code_hash", "holder_hash"),
    ),
)
