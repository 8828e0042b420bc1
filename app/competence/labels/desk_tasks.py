"""The number of desk tasks that would verify an officer, in words."""

from flask_babel import ngettext

from app.competence.domain.desk_tasks import DeskTasksNeeded


def needed(tasks: DeskTasksNeeded) -> list[str]:
    """Return in sentences how many desk tasks with all points verify an officer, and how many after a course test."""
    if tasks.is_watched:
        text = ngettext(
            "%(num)s more desk task with all points verifies it.",
            "%(num)s more desk tasks with all points verify it.",
            tasks.count,
        )
    else:
        text = ngettext(
            "%(num)s desk task with all points verifies it.",
            "One desk task is not enough: %(num)s with all points verify it.",
            tasks.count,
        )
    if tasks.after_test is None:
        return [text]
    after_test = ngettext(
        "After a passed course test, %(num)s is enough.",
        "After a passed course test, %(num)s are enough.",
        tasks.after_test,
    )
    return [text, after_test]
