"""Tables of checks with personal data, for the archive of a person (`privacy.service.archive`)."""

from app.checks.models import (
    Calibration,
    CheckRequest,
    EvidenceWatcher,
    Marking,
    MarkingComment,
    Product,
    SeatWork,
    Sitting,
    SittingInterruption,
    SittingInvigilator,
    SittingSeat,
    SurprisePick,
)
from app.db.personal_data import PersonalDataTable

PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable(
        "sittings", "Watched sittings that you planned.", Sitting, (Sitting.created_by,), leave=("code", "submission")
    ),
    PersonalDataTable(
        "watched_sittings",
        "Sittings that you watched, and who added you.",
        SittingInvigilator,
        (SittingInvigilator.person_id, SittingInvigilator.added_by),
    ),
    PersonalDataTable(
        "sitting_interruptions",
        "Interruptions of sittings that you began.",
        SittingInterruption,
        (SittingInterruption.began_by,),
    ),
    PersonalDataTable(
        "sitting_seats",
        "Your seats in watched sittings, and seats in which you confirmed an officer.",
        SittingSeat,
        (SittingSeat.person_id, SittingSeat.confirmed_by),
        leave=("session_id", "browser_id"),  # digests
    ),
    PersonalDataTable(
        "check_requests",
        "Checks that you asked for, and requests that you answered.",
        CheckRequest,
        (CheckRequest.person_id, CheckRequest.answered_by),
    ),
    PersonalDataTable(
        "seat_work",
        "What you worked on in watched sittings.",
        SeatWork,
        (SittingSeat.person_id,),
        through=(SittingSeat, SittingSeat.id == SeatWork.seat_id),
    ),
    PersonalDataTable(
        "products",
        "Desk tasks that you produced.",
        Product,
        (SittingSeat.person_id,),
        through=(SittingSeat, SittingSeat.id == Product.seat_id),
        leave=("number",),  # markers know a product by its number alone
    ),
    PersonalDataTable(
        "markings",
        "Desk tasks that you marked.",
        Marking,
        (Marking.marker_id,),
        leave=("product_id", "evidence_id"),  # they lead to the officer, whom a marker never learns
    ),
    PersonalDataTable(
        "marking_comments", "Comments that you wrote for all assessors.", MarkingComment, (MarkingComment.written_by,)
    ),
    PersonalDataTable(
        "calibrations", "Calibration cases that you marked before desk tasks.", Calibration, (Calibration.person_id,)
    ),
    PersonalDataTable(
        "surprise_picks", "Surprise checks for which you were drawn.", SurprisePick, (SurprisePick.person_id,)
    ),
    PersonalDataTable(
        "evidence_watchers",
        "Evidence on other officers that you watched or marked.",
        EvidenceWatcher,
        (EvidenceWatcher.person_id,),
        leave=("evidence_id",),  # it leads to the officer, also of a desk task that was marked blind
    ),
)
