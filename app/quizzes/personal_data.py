"""Declare the personal data in the tables of quizzes, for the export of a person's own data by `privacy`."""

from app.db.personal_data import PersonalDataTable
from app.quizzes.models import (
    AnswerSave,
    Attempt,
    PeerMarking,
    PeerRequest,
    PracticeAnswer,
    PracticeSitting,
    QuestionMark,
    Regrade,
    SaveCount,
)

# attempts with every answer that was saved, and answers in the text; how a paper was drawn is the bank's
PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable("attempts", "Tests that you sat.", Attempt, (Attempt.person_id,), leave=("paper", "seed")),
    PersonalDataTable(
        "answers",
        "The answers that were saved: of each question the one that counts, and the last ten.",
        AnswerSave,
        (Attempt.person_id,),
        through=(Attempt, Attempt.id == AnswerSave.attempt_id),
        texts=frozenset({"body"}),
    ),
    PersonalDataTable(
        "marks",
        "What each answer was worth.",
        QuestionMark,
        (Attempt.person_id,),
        through=(Attempt, Attempt.id == QuestionMark.attempt_id),
        leave=("item", "revision"),
    ),
    PersonalDataTable(
        "regrades",
        "Scores of your answers that were corrected.",
        Regrade,
        (Attempt.person_id,),
        through=(Attempt, Attempt.id == Regrade.attempt_id),
        leave=("by_version_id",),
    ),
    PersonalDataTable(
        "practice_sittings",
        "The competencies of your practice, and for which it counts.",
        PracticeSitting,
        (Attempt.person_id,),
        through=(Attempt, Attempt.id == PracticeSitting.attempt_id),
        texts=frozenset({"asked", "counted"}),
    ),
    PersonalDataTable(
        "practice",
        "Answers to questions in the text; they never count.",
        PracticeAnswer,
        (PracticeAnswer.person_id,),
        leave=("press",),
        texts=frozenset({"body"}),
    ),
    PersonalDataTable(
        "peer_requests",
        "Answers that you asked colleagues to mark.",
        PeerRequest,
        (PeerRequest.person_id,),
        leave=("id", "version_id"),
        texts=frozenset({"earned"}),
    ),
    PersonalDataTable(
        "peer_markings",
        "What you marked and wrote about answers of colleagues.",
        PeerMarking,
        (PeerMarking.person_id,),
        keep=("drawn_at", "marked_at", "earned", "comment"),
        texts=frozenset({"earned"}),
    ),
    PersonalDataTable(
        "save_counts",
        "How many answers you saved within the last minute in which you did.",
        SaveCount,
        (SaveCount.person_id,),
        leave=("minute",),
    ),
)
