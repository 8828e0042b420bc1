"""Places on a page are those of the order shown: places of the source would tell, as an order's own is its key."""

from app.quizzes.domain.answers import Answer, Choice, Chosen
from app.quizzes.domain.answers import Sequence as Placed
from app.quizzes.domain.selection import Question


def to_source(question: Question, answer: Answer) -> Answer:
    """Return an answer that names places of the page as one that names those of the source.

    The answer was checked against its item before, so its places are there.
    """
    order = question.order
    match answer:
        case Choice(place):
            return Choice(order[place])
        case Chosen(places):
            return Chosen(tuple(order[place] for place in places))
        case Placed(places):
            return Placed(tuple(order[place] for place in places))
    return answer
