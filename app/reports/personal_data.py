"""Tables of reports with personal data, for the archive of a person (`privacy.service.archive`)."""

from app.db.personal_data import PersonalDataTable
from app.reports.models import ReportRecipient, ReportRun, ReportSchedule, ReportText

PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable(
        "report_runs",
        "Reports that you requested.",
        ReportRun,
        (ReportRun.requested_by,),
        leave=("submission", "frozen", "error", "leased_until", "tries"),  # about the run, not about the person
    ),
    PersonalDataTable("report_texts", "Texts of reports that you saved.", ReportText, (ReportText.saved_by,)),
    PersonalDataTable(
        "report_schedules", "Schedules of reports that you created.", ReportSchedule, (ReportSchedule.created_by,)
    ),
    PersonalDataTable(
        "report_recipients",
        "Schedules of reports whose links you get.",
        ReportRecipient,
        (ReportRecipient.person_id,),
    ),
)
