"""Tables of competence with personal data, for the archive of a person (`privacy.service.archive`)."""

from app.competence.models import Claim, CompetencyValidity, Evidence, NamedNeed, Period, State
from app.db.personal_data import PersonalDataTable

# evidence, what follows from it, claims and needs; of what they did for others the kind and day alone
PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable(
        "evidence",
        "Evidence of what you can do.",
        Evidence,
        (Evidence.person_id,),
        leave=("assessor_country",),
    ),
    PersonalDataTable("states", "What the measure makes of the evidence.", State, (State.person_id,)),
    PersonalDataTable("held", "Until when you hold a competency.", CompetencyValidity, (CompetencyValidity.person_id,)),
    PersonalDataTable("periods", "Times in which you held a competency.", Period, (Period.person_id,)),
    PersonalDataTable("needs", "Competencies that were asked of you by name.", NamedNeed, (NamedNeed.person_id,)),
    PersonalDataTable("claims", "Earlier skill that you claimed.", Claim, (Claim.person_id,)),
    PersonalDataTable(
        "evidence_given",
        "Evidence of others that you assessed or recorded.",
        Evidence,
        (Evidence.assessor_id, Evidence.recorded_by),
        keep=("competency", "level", "day", "kind"),
    ),
    PersonalDataTable(
        "needs_named",
        "Competencies that you asked of others by name.",
        NamedNeed,
        (NamedNeed.named_by,),
        keep=("competency", "level", "named_at"),
    ),
    PersonalDataTable(
        "claims_decided",
        "Claims of others that you decided.",
        Claim,
        (Claim.decided_by,),
        keep=("competency", "level", "state", "decided_at"),
    ),
)
