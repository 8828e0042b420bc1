"""Believable answers to desk tasks, and comments of assessors, by the tenths of all points that they earn."""

from collections.abc import Sequence

from app.catalogue.domain import items
from app.catalogue.domain.items import Item, ItemKind
from app.quizzes.domain import keys
from app.quizzes.domain.answers import Essay, FilledFields, MarkedLines, to_json

GOOD, FAIR = 9, 6  # tenths from which an answer is good, or fair
VIC_01: Sequence[Sequence[str]] = (
    (
        "Recruitment: the work office, fare of 60 paid, no loan (lines 2, 3). Control: 17 passports in the safe (10). "
        "Against it: signed out 44 times (11), one handed over in four minutes (12). Exploitation: 9 to 13 hours, but "
        "hours and pay agree for 19 of 22 (5, 6). Words: \u201cHe barks, and he pays\u201d (17); 21 could stop (18), "
        "two did (19). My view: I thought of labour exploitation. It rests on one sign that the list explains. No "
        "referral today; the unpaid hours of three go to the inspectorate. Not known: the young man (13) and the "
        "worker without an answer (18). I ask both again on Monday, alone, with the interpreter.",
        "Facts first. They came through the work office and paid 60 for the fare (2, 3). The passports are in a safe "
        "(10), but they are signed out and back (11), and it took four minutes (12). Hours are long; the pay fits for "
        "19 people (5, 6). What they say: they could leave (18), two left (19). I am fairly sure that this is not "
        "trafficking. Three workers miss 31 hours: inspectorate, today. Open: why the caller thought so, and the "
        "person who gave no answer. I talk with both on Monday. A debt or a threat would change my view.",
    ),
    (
        "17 passports in the safe (10) and long hours (5). Against: the list with 44 entries (11), and two workers "
        "left (19). The pay is right for most. I think it is bad work, but no exploitation. Three people miss hours "
        "and should be paid. I would look at the place again next week.",
        "Recruitment was open, through the work office (2). Control: gate with a code (14), passports in a safe (10). "
        "The workers say they can stop (18). I do not refer anybody today. The labour inspectorate should look at the "
        "hours. One worker did not answer, I do not know why.",
    ),
    (
        "There are many signs: passports in a safe, thirteen hours, a gate with a code. The workers say that it is "
        "fine because they are afraid. All 22 should be referred, and the owner should be arrested.",
        "The workers look tired and the passports are not with them. This is forced labour. I would bring all of them "
        "to the station and ask there.",
    ),
)
LRE_04: Sequence[Sequence[str]] = (
    (
        "16:20 I take Kim out by the back door, away from shop and colleague. I notice: the list with sums (3), nine "
        "calls (4), the man with the cap (6), \u201cplease take me with you\u201d (7). Against: the ticket to the sea "
        "(10). 16:25 The report of theft is taken. No charge before a private talk. 16:45 With the interpreter, alone: "
        "\u201cWhat should I know about this day?\u201d \u201cWhat happens if the list is not finished?\u201d He need "
        "not answer; a lawyer is offered. 17:30 Duty prosecutor: he was stopped with blades for 210. A list and calls "
        "may show that he was sent, but this is not proved.",
    ),
    (
        "I write down the theft and take Kim to the station. I notice the list and the many calls, he may be sent by "
        "a person behind him. With an interpreter I ask who gave him the list and what happens if he brings nothing. I "
        "tell my supervisor in the evening that there may be a link. The charge waits until tomorrow.",
    ),
    (
        "He stole for the second time. I ask him at the counter who M is. If he tells us, we can forget the theft. I "
        "report it on Monday.",
    ),
)
TEXTS = {"M90-Q10": VIC_01, "M90-Q28": LRE_04}
COMMENTS: Sequence[Sequence[str]] = (
    (
        "Each statement has its line, and you say how sure you are. Keep this form for the next one.",
        "Clear and complete. You name what speaks against your view, and what would change it.",
        "Very good order: facts, words, view. The next step has a day and a name.",
    ),
    (
        "The decision is right. Next time, name the line for each fact, and write who asks again and when.",
        "Good observation. What speaks against your view is missing in the second part.",
        "You see the important points. Part facts from your own view more clearly.",
    ),
    (
        "You count signs. Read again what speaks against them, and ask in private before you decide.",
        "The view comes before the facts here. Begin with who said what, with lines, and decide after that.",
        "A promise and a question in public can harm the person. Look at lesson 3 of the course again.",
    ),
)


def band(tenths: int) -> int:
    """Return 0 for good work, 1 for fair work, 2 for weak work."""
    if tenths >= GOOD:
        return 0
    return 1 if tenths >= FAIR else 2


def comment(tenths: int, number: int) -> str:
    """Return a comment of an assessor."""
    texts = COMMENTS[band(tenths)]
    return texts[number % len(texts)]


def body(item: Item, tenths: int, number: int) -> object:
    """Return the answer of an officer as it is saved; officers with different numbers write differently."""
    if item.kind is ItemKind.OPEN:
        return to_json(Essay(_text(item, tenths, number)))
    if isinstance(item.answers, items.Fields):
        return to_json(_fields(item.answers, tenths))
    answer = keys.key(item)
    if isinstance(answer, MarkedLines) and band(tenths):
        answer = MarkedLines(answer.lines[: max(1, len(answer.lines) // 2)])
    return None if answer is None else to_json(answer)


def _text(item: Item, tenths: int, number: int) -> str:
    if item.id in TEXTS:
        texts = TEXTS[item.id][band(tenths)]
        return texts[number % len(texts)]
    if band(tenths) == 2:
        return _spoken(item.weak) or "I do not know."
    sentences = _spoken(item.good).split(". ")
    return ". ".join(sentences[: len(sentences) if band(tenths) == 0 else max(1, len(sentences) // 2)])


def _spoken(model: str) -> str:
    """Return the quoted part of a model answer as text: without the reason of the author after it."""
    begins, ends = model.find('"') + 1, model.rfind('"')
    text = model[begins:ends] if 0 < begins < ends else model
    return text.replace("<p>", "").replace("</p>", "\n").strip()


def _fields(fields: items.Fields, tenths: int) -> FilledFields:
    """Return the entries of a form, only half of them for weak work."""
    filled = [field for field in fields.fields if field.accepted]
    wanted = filled if band(tenths) < 2 else filled[: len(filled) // 2]
    return FilledFields({field.line: _entry(field.accepted[0].text) for field in wanted})


def _entry(accepted: str) -> str:
    return " ".join(accepted.replace("*", " ").split()) or "see the notes"
