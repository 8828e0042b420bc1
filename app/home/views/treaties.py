"""Views of `/treaties`: the treaties of a country, and the card of a country with facts on its law and practice."""

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.queries import country_cards, courses as catalogue
from app.home.forms import TreatyForm
from app.home.pages import country_card, treaties
from app.home.pages.treaties import TreatiesPage
from app.home.views._blueprint import bp
from app.kernel import clock
from app.web.pages import render


@bp.get("/treaties")
@requires(Action.LEARN)
def show_treaties() -> ResponseReturnValue:
    """Show the treaties that bind a country, the own one first, or link two countries."""
    form = TreatyForm(request.args)
    form.offer(treaties.countries())
    if not form.validate():
        mistakes = [(field.name, field.errors[0]) for field in form if field.errors]
        return render(TreatiesPage(form=form, mistakes=mistakes)), 422
    cards = country_cards.cards()
    return render(treaties.treaties_page(catalogue.treaties(), cards, form, actor().country, clock.today()))


@bp.get("/treaties/countries/<country:country>")
@requires(Action.LEARN)
def show_country_card(country: str) -> ResponseReturnValue:
    """Show the eight facts on the law and practice of a country."""
    page = country_card.country_card(country_cards.cards(), country, actor().country, clock.today())
    if page is None:
        raise NoResultFound
    return render(page)
