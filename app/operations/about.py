"""What operations hold about a person."""

from app.db.about import Part
from app.operations.models import FirstRun

# that they set the site up as its first administrator
ABOUT: tuple[Part, ...] = (
    Part(
        "first_run",
        "That you set the site up, as its first administrator.",
        FirstRun,
        (FirstRun.person_id,),
        leave=("code_hash", "holder_hash"),
    ),
)
