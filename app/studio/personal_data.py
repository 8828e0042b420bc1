"""Personal data of the studio for the archive in privacy: what a person wrote, reviewed and has open."""

from app.db.personal_data import PersonalDataTable
from app.studio.models import (
    CourseReview,
    CourseReviewer,
    DraftEditor,
    DraftRevision,
    DraftSourceAuthor,
    DraftUpload,
    Judgement,
    JudgingPanel,
    ReviewRemark,
    ReviewTick,
)

PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable(
        "course_drafts", "Each version of a course draft that you saved.", DraftRevision, (DraftRevision.author_id,)
    ),
    PersonalDataTable(
        "course_copies",
        "Copies of courses that contain text that you wrote.",
        DraftSourceAuthor,
        (DraftSourceAuthor.person_id,),
    ),
    PersonalDataTable("editing", "Files of course drafts that you have open.", DraftEditor, (DraftEditor.person_id,)),
    PersonalDataTable(
        "draft_uploads",
        "Files that you uploaded to import them into a course.",
        DraftUpload,
        (DraftUpload.person_id,),
        keep=("course_id", "file_name", "uploaded_at"),
    ),
    PersonalDataTable(
        "course_reviewing", "Courses whose drafts you may review.", CourseReviewer, (CourseReviewer.person_id,)
    ),
    PersonalDataTable(
        "course_reviews",
        "Course drafts that you sent to review or decided about.",
        CourseReview,
        (CourseReview.submitted_by, CourseReview.decided_by),
        keep=("course_id", "revision", "kind", "message", "state", "submitted_at", "decided_at"),
    ),
    PersonalDataTable("review_checks", "Points of a review that you checked.", ReviewTick, (ReviewTick.person_id,)),
    PersonalDataTable(
        "review_remarks",
        "Remarks on course drafts that you wrote or resolved.",
        ReviewRemark,
        (ReviewRemark.author_id, ReviewRemark.resolved_by),
        keep=("course_id", "path", "body", "written_at", "resolved_at"),
    ),
    PersonalDataTable(
        "judging_panels",
        "Judging panels that you opened or closed.",
        JudgingPanel,
        (JudgingPanel.opened_by, JudgingPanel.closed_by),
        keep=("course_id", "item", "opened_at", "closed_at"),
    ),
    PersonalDataTable(
        "judgements", "Your values as a judge of questions.", Judgement, (Judgement.person_id,), leave=("panel_id",)
    ),
)
