"""Labels of requests for a check: why an officer cannot ask, and what became of a request."""

from collections.abc import Mapping

from flask_babel import gettext as _, lazy_gettext
from flask_babel.speaklater import LazyString

from app.checks.domain.requests import AskRefusal, CheckRequestState, OwnCheckRequest, again_from
from app.i18n.babel import words

REFUSALS: Mapping[AskRefusal, LazyString] = {
    AskRefusal.NO_POSTING: lazy_gettext("You have no posting in an agency today. Your contact point sets it."),
    AskRefusal.VERIFIED: lazy_gettext("This is verified for more than 28 days. You can ask when it is due."),
    AskRefusal.NO_WAY: lazy_gettext("A sitting cannot verify this yet. Only a workshop can."),
    AskRefusal.DECLINED: lazy_gettext("Your last request was declined. You can ask again 14 days after the answer."),
}


def state_texts(request: OwnCheckRequest) -> list[str]:
    """Return what became of an officer's own request, in sentences; none for a withdrawn or finished one."""
    asked = _("Asked on %(day)s.", day=words(request.asked_at.date()))
    if request.state is CheckRequestState.OPEN:
        return [asked, _("Your contact point answers.")]
    if request.state is CheckRequestState.PLANNED:
        return [asked, _("A sitting is planned for you.")]
    if request.state is CheckRequestState.DECLINED and request.answered_at is not None:
        day = request.answered_at.date()
        return [
            _("Declined on %(day)s. Reason: %(reason)s", day=words(day), reason=request.reason),
            _("You can ask again from %(day)s.", day=words(again_from(day))),
        ]
    return []
