"""What quizzes hold about a person."""

from app.db.about import Part
from app.quizzes.models import AnswerSave, Attempt, PracticeAnswer, QuestionMark, SaveCount

# attempts with every answer that was saved, and answers in the text; how a paper was drawn is the bank's
ABOUT: tuple[Part, ...] = (
    Part("attempts", "Tests that you sat.", Attempt, (Attempt.person_id,), leave=("paper", "seed")),
    Part(
        "answers",
        "The answers that were saved: of each question the one that counts, and the last ten.",
        AnswerSave,
        (Attempt.person_id,),
        through=(Attempt, Attempt.id == AnswerSave.attempt_id),
        texts=frozenset({"body"}),
    ),
    Part(
        "marks",
        "What each answer was worth.",
        QuestionMark,
        (Attempt.person_id,),
        through=(Attempt, Attempt.id == QuestionMark.attempt_id),
        leave=("item", "revision"),
    ),
    Part(
        "practice",
        "Answers to questions in the text; they never count.",
        PracticeAnswer,
        (PracticeAnswer.person_id,),
        leave=("press",),
        texts=frozenset({"body"}),
    ),
    Part(
        "save_counts",
        "How many answers you saved within the last minute in which you did.",
        SaveCount,
        (SaveCount.person_id,),
        leave=("minute",),
    ),
)
