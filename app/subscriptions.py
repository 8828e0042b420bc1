"""Which room listens to which event: the whole list."""

from app.audit import handlers as audit
from app.catalogue.events import CoursePublished
from app.db.session import Subscriptions
from app.kernel.events import Event
from app.learning import handlers as learning
from app.quizzes.events import AttemptEnded
from app.scenarios.events import CaseFinished

SUBSCRIPTIONS: Subscriptions = {
    AttemptEnded: (learning.test_ended,),
    CaseFinished: (learning.case_finished,),
    CoursePublished: (learning.published,),
    Event: (audit.note,),
}
