"""Views of the pages that help authors: the format reference, the sources to cite, the terms of the glossary."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from app.access.guard import requires
from app.access.policy import Action
from app.kernel import clock
from app.studio.forms.references import ReferenceFilter
from app.studio.pages import format_reference, reference_lists
from app.studio.queries import checked
from app.studio.views._blueprint import bp
from app.web import errors
from app.web.pages import render


@bp.get("/teaching/courses/reference")
@requires(Action.CREATE_COURSE)
def show_reference() -> ResponseReturnValue:
    """Show each part of the course format with a working example."""
    return render(format_reference.page())


@bp.get("/teaching/courses/sources")
@requires(Action.CREATE_COURSE)
def show_sources() -> ResponseReturnValue:
    """Show the sources that lessons can cite."""
    form = ReferenceFilter(request.args)
    if not form.validate():
        return errors.page(422)
    return render(reference_lists.sources_page(checked.references(), form, clock.today()))


@bp.get("/teaching/courses/terms")
@requires(Action.CREATE_COURSE)
def show_terms() -> ResponseReturnValue:
    """Show the terms of the glossary that lessons can open."""
    form = ReferenceFilter(request.args)
    if not form.validate():
        return errors.page(422)
    return render(reference_lists.terms_page(checked.references(), form, str(get_locale())))
