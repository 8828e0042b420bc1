"""Check the access policy before a view runs: the decorator `requires` of all routes that are not public."""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from inspect import Parameter, signature
from typing import Concatenate, ParamSpec, TypeVar, cast, overload

from flask import abort, current_app, request
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, Predicate, allows
from app.kernel.errors import DomainError

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
# URLs of exports; pictures, certificates and own calendar files are none: they have no data of other people
_EXPORTS = re.compile(r"export|archive|<file:|/document$|\.(csv|xlsx|zip|pdf)$")
Find = Callable[..., object]


@overload
def requires(
    action: Action, *, of: Find | None = None, gives_file: bool = False, audited: bool = True, reason: str = ""
) -> Callable[[Callable[P, R]], Callable[P, R]]: ...


@overload
def requires(
    action: Action,
    *,
    load: Callable[..., T],
    applies_to: Predicate | None = None,
    gives_file: bool = False,
    audited: bool = True,
    reason: str = "",
) -> Callable[[Callable[Concatenate[T, P], R]], Callable[P, R]]: ...


def requires(
    action: Action,
    *,
    of: Find | None = None,
    load: Find | None = None,
    applies_to: Predicate | None = None,
    gives_file: bool = False,
    audited: bool = True,
    reason: str = "",
) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Decorate a view so that it runs only for users whom the policy allows the action.

    `load(actor, **url_parameters)` returns the object within the user's scope or raises NoResultFound, which is a 404:
    an object of another person looks like a missing one. It receives the URL parameters that it names, and the view
    receives the object as its first argument. `of` is the same for an object that only the policy needs.
    A role that never has the action gets a 403, a visitor the sign-in page. `gives_file` marks a view that
    returns a file although its URL does not show it: exports are disabled during an incident.
    `applies_to(actor, person)`, read by `app/navigation.py`, returns whether the page of a person links to this view.
    `audited=False` marks a view whose change leaves no entry in the audit log; `reason` gives the reason.
    """
    if audited == bool(reason):
        raise ValueError("give a reason for a change that is not audited, and for no other")
    find = load or of
    read = _with_known_parameters(find) if find else None

    def decorate(view: Callable[..., R]) -> Callable[..., R]:
        @wraps(view)
        def guarded(*args: object, **kwargs: object) -> R:
            if not current_user.is_authenticated:
                return cast("R", current_app.login_manager.unauthorized())  # type: ignore[attr-defined]
            loaded = read(actor(), kwargs) if read else None
            check(action, loaded)
            _guard_files(gives_file=gives_file)
            return view(loaded, *args, **kwargs) if load else view(*args, **kwargs)

        guarded.__dict__.update(action=action, find=find, applies_to=applies_to, audited=audited, reason=reason)
        return guarded

    return decorate


def _with_known_parameters(find: Find) -> Callable[[Actor, Mapping[str, object]], object]:
    """Return a function that calls a loader with only the URL parameters that the loader names."""
    parameters = signature(find).parameters.values()
    names = {parameter.name for parameter in parameters}
    takes_all = any(parameter.kind is Parameter.VAR_KEYWORD for parameter in parameters)

    def read(actor: Actor, values: Mapping[str, object]) -> object:
        return find(actor, **{name: value for name, value in values.items() if takes_all or name in names})

    return read


def exports(rule: str) -> bool:
    """Return whether a route exports a file, judged by its URL, so that new routes are recognised."""
    return _EXPORTS.search(rule) is not None


def _guard_files(*, gives_file: bool) -> None:
    """Refuse exports during an incident or on a request from another site, before the export is recorded or sent.

    An export counts towards the daily limit of the user and leaves an audit entry under their name: a link on another
    site must cause neither.
    """
    is_export = request.url_rule is not None and exports(request.url_rule.rule)
    if not gives_file and not is_export:
        return
    require_own_site()
    if current_user.exports_rest:
        raise DomainError("Exports are disabled during a security incident. Administrators announce when it ends.")


def is_from_own_site() -> bool:
    """Return whether the request began on a page of this site, or in the address field of the browser."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}


def require_own_site() -> None:
    """Abort with 403 a request from another site, before it is recorded under the name of the user."""
    if not is_from_own_site():
        abort(403)


def actor() -> Actor:
    """Return the current user as an actor."""
    return cast("Actor", current_user.actor)


def allow_large_body(most: int, values: Mapping[str, object] | None) -> None:
    """Raise the limit of the body to `most` bytes for a user whom the policy allows the view of the request.

    For `bp.url_value_preprocessor`: for a visitor, and for who may not send it, the small limit applies, and a larger
    body is refused before any of it is read.
    """
    if current_user.is_authenticated and _may_call(current_app.view_functions[str(request.endpoint)], values or {}):
        request.max_content_length = most


def _may_call(view: Callable[..., object], values: Mapping[str, object]) -> bool:
    """Return whether the policy allows the current user the action of a view."""
    action, find = cast("Action", view.__dict__["action"]), cast("Find | None", view.__dict__["find"])
    try:
        loaded = _with_known_parameters(find)(actor(), values) if find else None
    except NoResultFound:
        return False
    return allows(actor(), action, loaded)


def check(action: Action, of: object = None) -> None:
    """Abort the request with 403 unless the policy allows the action on the object."""
    if not allows(actor(), action, of):
        abort(403)
