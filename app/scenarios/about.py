"""What cases hold about a person."""

from app.db.about import Part
from app.scenarios.models import Choice, Playthrough

# cases that were played, and each choice
ABOUT: tuple[Part, ...] = (
    Part("cases", "Cases that you played.", Playthrough, (Playthrough.person_id,)),
    Part(
        "choices",
        "Each choice on the way.",
        Choice,
        (Playthrough.person_id,),
        through=(Playthrough, Playthrough.id == Choice.playthrough_id),
    ),
)
