"""Everything that all rooms hold about a person: the whole list."""

from app.accounts import about as accounts
from app.audit import about as audit
from app.catalogue import about as catalogue
from app.catalogue import editions
from app.competence import about as competence
from app.db.about import Part
from app.intake import about as intake
from app.learning import about as learning
from app.messages import about as messages
from app.operations import about as operations
from app.plan import about as plan
from app.privacy import about as privacy
from app.quizzes import about as quizzes
from app.scenarios import about as scenarios
from app.workshops import about as workshops

# every room that holds anything about people, in the order in which the archive tells of them
PARTS: tuple[Part, ...] = (
    *accounts.ABOUT,
    *learning.ABOUT,
    *quizzes.ABOUT,
    *scenarios.ABOUT,
    *competence.ABOUT,
    *workshops.ABOUT,
    *plan.ABOUT,
    *messages.ABOUT,
    *catalogue.ABOUT,
    *intake.ABOUT,
    *operations.ABOUT,
    *privacy.ABOUT,
    *audit.ABOUT,
)


def course_codes() -> dict[str, str]:
    """Return the codes of all courses by their ids, as the rows name them."""
    found = editions.editions(editions.course_ids())
    return {str(course_id): versions[-1].outline.code for course_id, versions in found.items() if versions}
