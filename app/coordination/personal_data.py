"""Tables of coordination with personal data, for the archive of a person (`privacy.service.archive`)."""

from app.coordination.models import ActionDate, ActionNote, CompletionView, PlanAction, Reminder
from app.db.personal_data import PersonalDataTable

PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable(
        "actions",
        "Actions of the plan that you created.",
        PlanAction,
        (PlanAction.created_by,),
        leave=("submission",),  # a mark against the same form sent twice
    ),
    PersonalDataTable("action_notes", "Notes that you wrote on actions.", ActionNote, (ActionNote.written_by,)),
    PersonalDataTable(
        "completion_views",
        "Days on which you opened completion with small numbers; each is deleted on a later day.",
        CompletionView,
        (CompletionView.person_id,),
        leave=("filters",),  # a hash
    ),
    PersonalDataTable(
        "reminders",
        "Reminders that you sent, got or answered.",
        Reminder,
        (Reminder.sender_id, Reminder.recipient_id, Reminder.answered_by),
        leave=("submission",),  # a mark against the same form sent twice
    ),
    PersonalDataTable("action_dates", "Dates of actions that you changed.", ActionDate, (ActionDate.moved_by,)),
)
