"""View of `/search`."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.queries import courses as catalogue
from app.home.forms import SearchForm
from app.home.pages import search as results
from app.home.pages.search import ResultGroup, SearchPage
from app.home.queries import search_entries
from app.home.queries.search_entries import SearchEntry
from app.home.views._blueprint import bp
from app.learning.labels import drafts_shown, wanted
from app.search import queries as search
from app.web.pages import render
from app.web.paging import ListPage
from app.workshops.queries import workshops


@dataclass(frozen=True, slots=True)
class _Searched:
    """A searched text with its number of blocks and the entries that match."""

    text: str
    count: int
    entries: list[SearchEntry]


@bp.get("/search")
@requires(Action.SEARCH)
def search_site() -> ResponseReturnValue:
    """Search what the user may read: texts, terms, indicators, countries, actions; a code opens its indicator."""
    form = SearchForm(request.args)
    if not form.validate():
        return render(SearchPage(error=form.q.errors[0])), 422
    query = (form.q.data or "").strip()
    code = search_entries.indicator_of(query, actor())
    if code is not None:
        return redirect(url_for("plan.indicator", code=code))
    number = max(1, min(request.args.get("page", 1, type=int), 100))
    return render(_page(query, number, exact=bool(form.exact.data)))


def _page(query: str, number: int, *, exact: bool) -> SearchPage:
    searched = _search(query) if exact else _search_or_correct(query)
    page = ListPage(number, search.PAGE, searched.count)
    return SearchPage(
        query=query,
        searched="" if searched.text == query else searched.text,
        exact_href=url_for("home.search_site", q=query, exact=1),
        entries=results.entry_lines(searched.entries if number == 1 else ()),
        groups=_groups(searched.text, page.offset),
        count=page.count,
        **page.links("home.search_site", q=query, **({"exact": 1} if exact else {})),
    )


def _search_or_correct(query: str) -> _Searched:
    """Search a text, or a similar one if only that has results."""
    searched = _search(query)
    if searched.count or searched.entries:
        return searched
    return _corrected(query) or searched


def _groups(text: str, offset: int) -> list[ResultGroup]:
    """Return a page of the blocks that match, grouped by course, events and treaties."""
    user, drafts, further = actor(), drafts_shown(), workshops.findable(actor())
    hits = search.find(text, actor=user, language=wanted(), drafts=drafts, further=further, offset=offset)
    refs = {hit.ref for hit in hits}
    return results.groups(hits, {shown.code: shown for shown in catalogue.all_visible(user) if shown.code in refs})


def _search(text: str) -> _Searched:
    user = actor()
    count = search.count(text, actor=user, drafts=drafts_shown(), further=workshops.findable(user))
    return _Searched(text, count, search_entries.entries(text, user, wanted()))


def _corrected(query: str) -> _Searched | None:
    """Return the first similar text with results, None without one."""
    user = actor()
    similar = search.corrections(query, actor=user, drafts=drafts_shown(), further=workshops.findable(user))
    return next((searched for searched in map(_search, similar) if searched.count or searched.entries), None)
