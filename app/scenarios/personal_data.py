"""Personal data of cases for the archive in privacy: playthroughs and choices."""

from app.db.personal_data import PersonalDataTable
from app.scenarios.models import Choice, Playthrough

# cases that were played, and each choice
PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable("cases", "Cases that you played.", Playthrough, (Playthrough.person_id,)),
    PersonalDataTable(
        "choices",
        "Each choice on the way.",
        Choice,
        (Playthrough.person_id,),
        through=(Playthrough, Playthrough.id == Choice.playthrough_id),
    ),
)
