"""Which room listens to which event: the whole list."""

from app.audit import handlers as audit
from app.db.session import Subscriptions
from app.kernel.events import Event

SUBSCRIPTIONS: Subscriptions = {
    Event: (audit.note,),
}
