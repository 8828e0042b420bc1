"""The policy at the door of a view."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import abort, current_app, request
from flask_login import current_user

from app.access.policy import Action, Actor, allows
from app.kernel import context
from app.kernel.errors import DomainError

P = ParamSpec("P")
R = TypeVar("R")
# an own course's picture, a certificate's page and the dates of one's own seat take nobody's data along
_EXPORTS = re.compile(r"export|archive|<file:|/document$|\.(csv|xlsx|zip|pdf)$")
Find = Callable[..., object]


def requires(
    action: Action, *, of: Find | None = None, gives_file: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a view run only for those whom the policy allows the action; mark the view for the route test.

    `of(actor, **url_parameters)` returns the thing within the actor's scope or raises NoResultFound, which is a 404:
    somebody else's thing looks the same as none. The view reads it again as `thing()`, without another query.
    A role that never has the action gets a 403; nobody signed in, the sign-in page. `gives_file` says of a view what
    its address does not: that it gives a file to take along, which rests while an incident lasts.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not current_user.is_authenticated:
                return cast("R", current_app.login_manager.unauthorized())  # type: ignore[attr-defined]
            found = of(actor(), **kwargs) if of else None
            check(action, found)
            _guard_files(gives_file=gives_file)
            context.loaded.set(found)
            return view(*args, **kwargs)

        guarded.__dict__["action"] = action
        return guarded

    return decorate


def exports(rule: str) -> bool:
    """Say by its address whether a route gives a file to take along: a new one is known by it, too."""
    return _EXPORTS.search(rule) is not None


def _guard_files(*, gives_file: bool) -> None:
    """Refuse what takes data along while an incident lasts, or at the call of another site, before it is noted or sent.

    A file costs its reader a share of what may be taken along in a day, and leaves an entry in the trail under their
    name: a link that somebody else placed must bring about neither.
    """
    known = request.url_rule is not None and exports(request.url_rule.rule)
    if not gives_file and not known:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(403)
    if current_user.exports_rest:
        raise DomainError("Exports are disabled during a security incident. Administrators announce when it ends.")


def actor() -> Actor:
    """Return who asks."""
    return cast("Actor", current_user.actor)


def thing() -> Any:
    """Return what the guard found for this request."""
    return context.loaded.get()


def check(action: Action, of: object = None) -> None:
    """Stop the request unless the policy allows it."""
    if not allows(actor(), action, of):
        abort(403)
