import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.courses import LessonEntry
from app.catalogue.domain.translations import TranslationState
from app.kernel.errors import IllegalMoveError
from app.learning.domain import (
    LESSON_MOVES,
    CourseProgress,
    CourseRequirements,
    EnrolmentState,
    EnrolmentStep,
    Finished,
    LessonState,
    LessonStep,
    NextCase,
    NextLesson,
    NextStep,
    Progress,
    Test,
    after,
    after_lesson,
    content_language,
    is_complete,
    is_finished,
    next_step,
    progress,
)

NOT_BEGUN, BEGUN, DONE, SKIPPED, LOOKED_THROUGH = LessonState
PLAIN = LessonEntry("plain", 10)
HARD = LessonEntry("hard", 12, warning=2)
HARDER = LessonEntry("harder", 9, warning=2, alternative="gentle")
GENTLE = LessonEntry("gentle", 5)
COURSE = CourseRequirements((PLAIN, HARD, HARDER, GENTLE), cases=("the-van", "the-flat"), has_test=True)
READ = {"plain": DONE, "hard": SKIPPED, "harder": SKIPPED, "gentle": DONE}


def test_an_enrolment_is_completed_once() -> None:
    assert after(EnrolmentState.BEGUN, EnrolmentStep.COMPLETE) is EnrolmentState.COMPLETED
    with pytest.raises(IllegalMoveError):
        after(EnrolmentState.COMPLETED, EnrolmentStep.COMPLETE)


@pytest.mark.parametrize("state", list(LessonState))
def test_finish_is_allowed_from_every_lesson_state(state: LessonState) -> None:
    assert after_lesson(PLAIN, state, LessonStep.FINISH) is DONE


def test_only_a_lesson_with_a_warning_can_be_skipped() -> None:
    assert after_lesson(HARD, BEGUN, LessonStep.SKIP) is SKIPPED
    with pytest.raises(IllegalMoveError):
        after_lesson(PLAIN, BEGUN, LessonStep.SKIP)


def test_reading_again_keeps_the_lesson_state() -> None:
    for (state, step), then in LESSON_MOVES.items():
        if step is LessonStep.READ and state is not NOT_BEGUN:
            assert then is state
    with pytest.raises(IllegalMoveError):
        after_lesson(HARD, DONE, LessonStep.SKIP)


@pytest.mark.parametrize(
    ("lesson", "states", "complete"),
    [
        (PLAIN, {}, False),
        (PLAIN, {"plain": BEGUN}, False),
        (PLAIN, {"plain": DONE}, True),
        (PLAIN, {"plain": SKIPPED}, False),
        (HARD, {"hard": SKIPPED}, True),
        (PLAIN, {"plain": LOOKED_THROUGH}, True),
        (HARDER, {"harder": SKIPPED}, True),
        (HARDER, {"harder": DONE}, True),
    ],
)
def test_lesson_is_complete_by_state_and_warning(
    lesson: LessonEntry, states: dict[str, LessonState], *, complete: bool
) -> None:
    assert is_complete(lesson, CourseProgress(states)) is complete


def test_progress_counts_lessons_and_minutes() -> None:
    assert progress(COURSE, CourseProgress()) == Progress(0, 4, 36)
    assert progress(COURSE, CourseProgress({"plain": DONE, "harder": SKIPPED})) == Progress(2, 4, 17)
    assert progress(COURSE, CourseProgress(READ)) == Progress(4, 4, 0)


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (CourseProgress(), NextLesson("plain")),
        (CourseProgress({"hard": BEGUN}, "hard"), NextLesson("hard")),
        (CourseProgress({"hard": DONE}, "hard"), NextLesson("harder")),
        (CourseProgress({"gentle": DONE}, "gentle"), NextLesson("plain")),
        (CourseProgress({"plain": DONE, "hard": DONE, "harder": SKIPPED}, "hard"), NextLesson("gentle")),
        (CourseProgress({"plain": DONE}, "gone"), NextLesson("hard")),
        (CourseProgress(READ), NextCase("the-van")),
        (CourseProgress(READ, finished_cases=frozenset({"the-van"})), NextCase("the-flat")),
        (CourseProgress(READ, finished_cases=frozenset({"the-van", "the-flat"})), Test()),
        (CourseProgress(test_passed=True), Finished()),
        (CourseProgress(READ, finished_cases=frozenset({"the-van", "the-flat"}), test_passed=True), Finished()),
    ],
)
def test_next_step_is_the_next_open_part(standing: CourseProgress, expected: NextStep) -> None:
    assert next_step(COURSE, standing) == expected
    assert is_finished(COURSE, standing) == (expected == Finished())


def test_a_course_of_lessons_alone_is_finished_with_its_lessons() -> None:
    assert next_step(CourseRequirements((PLAIN,)), CourseProgress({"plain": DONE})) == Finished()
    assert next_step(CourseRequirements(()), CourseProgress()) == Finished()
    each = {"plain": LOOKED_THROUGH, "hard": SKIPPED, "gentle": DONE}
    assert is_finished(CourseRequirements((PLAIN, HARD, GENTLE)), CourseProgress(each))
    assert not is_finished(CourseRequirements((PLAIN, HARD, GENTLE)), CourseProgress(each | {"gentle": BEGUN}))


def test_course_with_a_test_is_finished_only_by_passing() -> None:
    assert is_finished(COURSE, CourseProgress(test_passed=True))
    assert not is_finished(COURSE, CourseProgress(READ, finished_cases=frozenset(COURSE.cases)))


slugs = st.sampled_from(["plain", "hard", "harder", "gentle"])


@given(st.dictionaries(slugs, st.sampled_from(LessonState)), st.just("") | slugs)
def test_following_the_next_steps_finishes_the_course(states: dict[str, LessonState], last: str) -> None:
    untested = CourseRequirements(COURSE.lessons, COURSE.cases)
    standing = CourseProgress(states, last, frozenset(COURSE.cases))
    for _ in range(5):
        step = next_step(untested, standing)
        if step == Finished():
            break
        assert isinstance(step, NextLesson)
        before = progress(untested, standing)
        standing = CourseProgress({**standing.lessons, step.slug: DONE}, step.slug, frozenset(COURSE.cases))
        assert progress(untested, standing).minutes_left < before.minutes_left
    assert is_finished(untested, standing)


@pytest.mark.parametrize(
    ("own", "offered", "course", "drafts", "expected"),
    [
        ("ar", {"ar": TranslationState.CURRENT}, "de", False, "ar"),
        ("ar", {"ar": TranslationState.STALE}, "de", False, "ar"),
        ("ar", {"ar": TranslationState.DRAFT}, "de", False, "de"),
        ("ar", {"ar": TranslationState.DRAFT}, "de", True, "ar"),
        ("ar", {"ar": TranslationState.MISSING, "en": TranslationState.CURRENT}, "de", True, "de"),
        ("ar", {}, "en", False, "en"),
        ("ar", {"de": TranslationState.MISSING, "en": TranslationState.CURRENT}, "de", False, "en"),
        ("ar", {"de": TranslationState.MISSING}, "de", False, "de"),
        ("de", {}, "de", False, "de"),
    ],
)
def test_content_language_prefers_own_then_course_then_english(
    own: str, offered: dict[str, TranslationState], course: str, expected: str, *, drafts: bool
) -> None:
    assert content_language(own, offered, course, drafts=drafts) == expected
