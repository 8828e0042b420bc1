"""What competence holds about a person."""

from app.competence.models import Claim, Evidence, Held, NamedNeed, Period, State
from app.db.about import Part

# evidence, what follows from it, claims and needs; of what they did for others the kind and day alone
ABOUT: tuple[Part, ...] = (
    Part(
        "evidence",
        "Evidence of what you can do.",
        Evidence,
        (Evidence.person_id,),
        leave=("assessor_country",),
    ),
    Part("states", "What the measure makes of the evidence.", State, (State.person_id,)),
    Part("held", "Until when you hold a competency.", Held, (Held.person_id,)),
    Part("periods", "Times in which you held a competency.", Period, (Period.person_id,)),
    Part("needs", "Competencies that were asked of you by name.", NamedNeed, (NamedNeed.person_id,)),
    Part("claims", "Earlier skill that you claimed.", Claim, (Claim.person_id,)),
    Part(
        "evidence_given",
        "Evidence of others that you assessed or recorded.",
        Evidence,
        (Evidence.assessor_id, Evidence.recorded_by),
        keep=("competency", "level", "day", "kind"),
    ),
    Part(
        "needs_named",
        "Competencies that you asked of others by name.",
        NamedNeed,
        (NamedNeed.named_by,),
        keep=("competency", "level", "named_at"),
    ),
    Part(
        "claims_decided",
        "Claims of others that you decided.",
        Claim,
        (Claim.decided_by,),
        keep=("competency", "level", "state", "decided_at"),
    ),
)
