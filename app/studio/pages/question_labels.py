"""Names of the kinds of questions, of their columns in the form, and of levels and forms, in the user's language."""

from collections.abc import Mapping

from flask_babel import gettext as _, lazy_gettext, lazy_pgettext, pgettext
from flask_babel.speaklater import LazyString

from app.catalogue.domain.items import ItemForm, ItemKind, Level, Needs, Stance
from app.competence.labels import competencies as competence_labels
from app.studio.domain.question_use import UndrawnUse

KINDS: Mapping[ItemKind, LazyString] = {
    ItemKind.SINGLE: lazy_gettext("One right option"),
    ItemKind.SEVERAL: lazy_gettext("Several right options"),
    ItemKind.TRUEFALSE: lazy_gettext("True or false"),
    ItemKind.ORDER: lazy_gettext("Put in order"),
    ItemKind.MATCH: lazy_gettext("Match pairs"),
    ItemKind.SORT: lazy_gettext("Sort into groups"),
    ItemKind.NUMBER: lazy_pgettext("kind of question", "Number"),
    ItemKind.SHORT: lazy_gettext("Short answer"),
    ItemKind.GAPS: lazy_gettext("Text with gaps"),
    ItemKind.PASSAGES: lazy_gettext("Find passages in a text"),
    ItemKind.OPEN: lazy_gettext("Open answer"),
    ItemKind.RATING: lazy_gettext("Rate statements"),
    ItemKind.MARK: lazy_gettext("Mark lines of a document"),
    ItemKind.PAIR: lazy_gettext("Find lines that contradict"),
    ItemKind.FIELDS: lazy_gettext("Fill in a form"),
}
_COLUMNS: Mapping[str, LazyString] = {
    "right": lazy_gettext("Right"),
    "reason": lazy_gettext("Reason: why it is right or not"),
    "part": lazy_gettext("Part mark in per cent"),
    "left": lazy_gettext("Left side"),
    "group": lazy_gettext("Group"),
    "tolerance": lazy_gettext("Tolerance, plus or minus"),
    "name": lazy_gettext("Criterion"),
    "points": lazy_gettext("Points"),
    "low": lazy_gettext("Accepted from"),
    "high": lazy_gettext("Accepted to"),
    "sign": lazy_gettext("Sign: + right, - tempting"),
    "line": lazy_gettext("Number or name of the line"),
    "first": lazy_gettext("First line"),
    "second": lazy_gettext("Second line"),
    "label": lazy_gettext("Field of the form"),
    "entry": lazy_gettext("Accepted entry"),
}
_TEXTS: Mapping[ItemKind, LazyString] = {
    ItemKind.ORDER: lazy_gettext("Step"),
    ItemKind.MATCH: lazy_gettext("Right side"),
    ItemKind.SORT: lazy_gettext("Entry"),
    ItemKind.NUMBER: lazy_gettext("Accepted number"),
    ItemKind.SHORT: lazy_gettext("Accepted answer"),
    ItemKind.OPEN: lazy_gettext("What earns the points"),
    ItemKind.RATING: lazy_gettext("Statement"),
    ItemKind.MARK: lazy_gettext("Line"),
    ItemKind.PAIR: lazy_gettext("Pair of lines"),
    ItemKind.FIELDS: lazy_gettext("Entry"),
}
_OPTION = lazy_gettext("Option")
_USES: Mapping[UndrawnUse, LazyString] = {
    UndrawnUse.LESSON: lazy_gettext("Asked in lessons only"),
    UndrawnUse.DESK_TASK: lazy_gettext("Asked in watched desk tasks only"),
    UndrawnUse.NOWHERE: lazy_gettext("In reserve for desk tasks; none asks it yet"),
}


def undrawn_use(use: UndrawnUse) -> str:
    """Return where a question is asked that no test draws."""
    return str(_USES[use])


def kind(value: str) -> str:
    """Return the name of a kind; a kind that does not exist as it is written."""
    names = {str(item_kind): name for item_kind, name in KINDS.items()}
    return str(names.get(value, value))


def column(item_kind: ItemKind, name: str) -> str:
    """Return the label of a column of the rows."""
    return str(_TEXTS.get(item_kind, _OPTION) if name == "text" else _COLUMNS[name])


def row(item_kind: ItemKind, number: int) -> str:
    """Return the name of a row, such as "Option 2"."""
    return _("%(name)s %(n)s", name=column(item_kind, "text"), n=number)


def answers(item_kind: ItemKind) -> tuple[str, str]:
    """Return the heading of the answers and a hint how to fill them in."""
    return {
        ItemKind.SINGLE: (_("Options"), _("Select the right option. Give each option a reason.")),
        ItemKind.SEVERAL: (_("Options"), _("Select all right options. Give each option a reason.")),
        ItemKind.TRUEFALSE: (_("Options"), _("The first option is true, the second is false. Select the right one.")),
        ItemKind.ORDER: (_("Steps"), _("Write the steps in the right order. Learners see them mixed.")),
        ItemKind.MATCH: (_("Pairs"), _("If a right side has no pair, leave its left side empty.")),
        ItemKind.SORT: (_("Groups and entries"), _("Leave the group empty if it is the same as above.")),
        ItemKind.NUMBER: (_("Accepted numbers"), _("Use a point as decimal sign.")),
        ItemKind.SHORT: (_("Accepted answers"), _("* is any text. Capital letters and accents do not matter.")),
        ItemKind.GAPS: (_("Text with gaps"), _("Typed gap: {=right|also right}. Chosen gap: {~wrong|=right|wrong}.")),
        ItemKind.PASSAGES: (_("Text with passages"), _("Right passage: {{+ text }}. Wrong passage: {{- text }}.")),
        ItemKind.OPEN: (_("Criteria"), _("A trainer grades the answer by these criteria.")),
        ItemKind.RATING: (_("Statements"), _("Learners rate each statement on the scale.")),
        ItemKind.MARK: (_("Lines"), _("+ counts. - is tempting and wrong. ~ earns and costs nothing.")),
        ItemKind.PAIR: (_("Pairs of lines"), _("+ is a contradiction to find. - only looks like one.")),
        ItemKind.FIELDS: (_("Fields of the form"), _("Leave the entry empty where nothing may be written.")),
    }[item_kind]


def level(value: str) -> str:
    """Return the name of a level; a level that does not exist as it is written."""
    levels = {str(item): item for item in Level}
    return competence_labels.level(levels[value]) if value in levels else value


def form(value: str) -> str:
    """Return the name of a parallel form, "" for none."""
    names = {
        str(ItemForm.A): _("Set A: before the course"),
        str(ItemForm.B): _("Set B: test"),
        str(ItemForm.PRACTICE): _("Practice only"),
        str(ItemForm.RESERVE): pgettext("form of a question", "Reserve: watched checks"),
    }
    return names.get(value, value)


def needs(value: Needs) -> str:
    """Return what an item asks of its reader."""
    return {
        Needs.RULE: _("A rule that the course teaches"),
        Needs.GIVEN: _("A rule that the question or document gives"),
        Needs.READING: _("Reading the document with care"),
    }[value]


def stance(value: Stance) -> str:
    """Return what kind of act the right answer is."""
    return {
        Stance.FIRM: _("A firm act"),
        Stance.CARE: _("A careful act"),
        Stance.NONE: _("Neither"),
    }[value]
