"""Tables of the plan with personal data, for the archive of a person (`privacy.service.archive`)."""

from app.db.personal_data import PersonalDataTable
from app.plan.models import (
    Contribution,
    Observation,
    ObservationFile,
    PeriodLock,
    PlannedNeed,
    PlanNote,
    PlanTarget,
    TargetNote,
)
from app.plan.models.value_sheets import ValueBatch

# the contributions of a person to figures, and the figures, notes and targets that the person wrote
PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable("figures", "What you count for in figures of the plan.", Contribution, (Contribution.person_id,)),
    PersonalDataTable(
        "figures_entered",
        "Figures that you entered or decided on.",
        Observation,
        (Observation.entered_by, Observation.decided_by),
        leave=("submission",),  # a mark against the same form sent twice
    ),
    PersonalDataTable(
        "documents",
        "Documents that you added to figures.",
        ObservationFile,
        (Observation.entered_by,),
        leave=("content",),
        through=(Observation, Observation.id == ObservationFile.observation_id),
    ),
    PersonalDataTable(
        "notes", "Notes that you wrote on the plan.", PlanNote, (PlanNote.written_by,), leave=("submission",)
    ),
    PersonalDataTable(
        "targets",
        "Targets that you proposed or agreed to.",
        PlanTarget,
        (PlanTarget.set_by, PlanTarget.agreed_by),
        leave=("submission",),
    ),
    PersonalDataTable(
        "target_notes",
        "Your opinions on targets of your country.",
        TargetNote,
        (TargetNote.written_by,),
        leave=("submission",),
    ),
    PersonalDataTable(
        "planned_needs",
        "Planned needs that you entered or agreed to.",
        PlannedNeed,
        (PlannedNeed.set_by, PlannedNeed.agreed_by),
        leave=("submission",),
    ),
    PersonalDataTable(
        "locks",
        "Quarters of the plan that you proposed to lock, or locked.",
        PeriodLock,
        (PeriodLock.proposed_by, PeriodLock.agreed_by),
        leave=("last_record", "figures", "sha256"),  # of the figures of all countries
    ),
    PersonalDataTable(
        "value_batches",
        "Sheets of values that you sent, without their values.",
        ValueBatch,
        (ValueBatch.person_id, ValueBatch.undone_by),
        leave=("sheet_id",),
    ),
)
