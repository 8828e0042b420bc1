"""Pages for one person: home, path, record, notices, search."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.policy import Action, allows, own_scope
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.domain.versions import ReferenceKind
from app.catalogue.queries import courses as catalogue
from app.competence.labels.competencies import role_titles, title
from app.competence.queries import competencies as competence
from app.competence.queries import officers
from app.competence.service import claims as competence_service
from app.competence.shapes import ClaimLine
from app.db.session import transaction
from app.home import domain
from app.home.forms import ClaimForm, SearchForm, TreatyForm
from app.home.pages import competency as competencies
from app.home.pages import path as paths
from app.home.pages import record as records
from app.home.pages import start, treaties
from app.home.pages import tasks as duty_lines
from app.home.pages.path import FrameworkCompetency
from app.home.queries import tasks
from app.home.views._blueprint import bp
from app.i18n import stored_translations
from app.i18n.languages import current, direction, language
from app.kernel import clock
from app.learning.labels import drafts_shown, wanted
from app.learning.queries import progress as learning
from app.learning.queries import suggestions as courses_suggested
from app.learning.queries.course_titles import titles as course_titles
from app.messages import labels
from app.messages import queries as messages
from app.messages.queries import NoticeLine
from app.messages.service import outbox as messages_service
from app.ports import ports
from app.search import queries as search
from app.search.queries import PAGE, Hit
from app.web.paging import ListPage
from app.web.request_state import request_state
from app.workshops.queries import workshops


@bp.get("/")
@requires(Action.LEARN)
def show_start() -> ResponseReturnValue:
    """Show the one next step, what waits, the own path, what is coming."""
    signed, today = current_user.signed, clock.today()
    begun = learning.begun(signed.person_id)
    framework = catalogue.competencies()
    waiting = _waiting(framework)
    hero = start.hero(begun)
    outlines, lines = courses_suggested.offered(actor())
    visible = learning.stand(outlines, begun)
    suggested = start.suggested(lines, visible, today)
    return render_template(
        "home/home.html",
        alias=signed.alias,
        part_of_day=domain.part_of_day(clock.now().astimezone(ZoneInfo(signed.time_zone))),
        next=hero,
        manages=_manages(),
        to_do=start.tasks(begun, visible, waiting, suggested, first_course=hero["course"] if hero else ""),
        path=start.path(_roles(), visible, role_titles(framework, current())),
        needs=start.needs(waiting),
        coming=start.coming(waiting.events, waiting.said, today),
    )


@bp.get("/path")
@requires(Action.SEE_OWN_PATH)
def path() -> ResponseReturnValue:
    """Show what the own roles need, where one stands, what comes next."""
    framework = catalogue.competencies()
    standings = competence.path(_me(), _roles(), clock.today())
    if framework is None:
        return render_template("home/path.html", **paths.NOTHING)
    return render_template("home/path.html", **paths.show(standings, framework, _ways(), _roles()))


@bp.get("/path/<competency:competency>")
@requires(Action.SEE_OWN_PATH, load=paths.asked)
def competency(loaded: FrameworkCompetency, competency: str) -> ResponseReturnValue:
    """Show one competency: the date, why it is that date, what would prolong it."""
    return _competency(loaded)


@bp.post("/path/<competency:competency>/claim")
@requires(Action.CLAIM_SKILL, load=paths.asked)
def claim_skill(loaded: FrameworkCompetency, competency: str) -> ResponseReturnValue:
    """Claim a skill from earlier experience."""
    form = ClaimForm(request.form)
    form.offer(loaded.entry.levels)
    if not form.validate():
        return _competency(loaded, [("level", form.level.errors[0])]), 422
    with transaction():
        competence_service.claim_skill(_me(), competency, form.chosen(), clock.now())
    flash(_("Claimed. Your contact point or your supervisor decides."))
    return redirect(url_for("home.competency", competency=competency))


@bp.post("/path/<competency:competency>/claim/withdraw")
@requires(Action.CLAIM_SKILL, load=paths.waiting)
def withdraw_claim(claim: ClaimLine, competency: str) -> ResponseReturnValue:
    """Withdraw an open claim."""
    with transaction():
        competence_service.withdraw_claim(claim.id, clock.now())
    flash(_("Withdrawn. You can claim it again."))
    return redirect(url_for("home.competency", competency=competency))


@bp.get("/record")
@requires(Action.SEE_OWN_RECORD)
def record() -> ResponseReturnValue:
    """Show what is verified, lapsed, attended and finished, and what is under way."""
    today = clock.today()
    attended = workshops.certificates(actor(), today)
    said = stored_translations.translations_for([line.id for line in attended], wanted())
    return render_template(
        "home/record.html",
        certificates=records.certificates(attended, said),
        **records.competencies(officers.held_by(_me(), today), catalogue.competencies(), today),
        **records.record(learning.begun(_me())),
    )


@bp.get("/notices")
@requires(Action.SEE_OWN_NOTICES)
def notices() -> ResponseReturnValue:
    """Show one's notices, the newest first."""
    number = request.args.get("page", 1, type=int)
    found = messages.notices(_me(), max(1, min(number, 1000)))
    count = messages.count(_me())
    return render_template(
        "home/notices.html",
        notices=[_line(notice) for notice in _named(found)],
        read_url=url_for("home.read_notices"),
        **_pager(number, count, messages.PAGE, "home.notices", {}),
    )


@bp.post("/notices/read")
@requires(Action.SEE_OWN_NOTICES, audited=False, reason="reading own notices is like a reading position")
def read_notices() -> ResponseReturnValue:
    """Mark all notices as read."""
    with transaction():
        messages_service.mark_all_read(_me(), clock.now())
    flash(_("All notices are marked as read."))
    return redirect(url_for("home.notices"))


@bp.get("/search")
@requires(Action.SEARCH)
def search_site() -> ResponseReturnValue:
    """Find paragraphs of lessons."""
    form = SearchForm(request.args)
    if not form.validate():
        return render_template("home/search.html", **_found("", 1), error=form.q.errors[0]), 422
    number = max(1, min(request.args.get("page", 1, type=int), 100))
    return render_template("home/search.html", **_found((form.q.data or "").strip(), number), error="")


@bp.get("/treaties")
@requires(Action.LEARN)
def show_treaties() -> ResponseReturnValue:
    """Show what binds the own country or another one, or what links two, as far as it was read."""
    form = TreatyForm(request.args)
    form.offer(treaties.countries())
    if not form.validate():
        mistakes = [(field.name, field.errors[0]) for field in form if field.errors]
        return render_template("home/treaties.html", form=form, table=None, mistakes=mistakes), 422
    form.country.data = form.country.data or treaties.own(actor().country)
    chosen = treaties.Chosen(form.country.data, form.other.data, clock.today())
    return render_template(
        "home/treaties.html", form=form, table=treaties.show(catalogue.treaties(), chosen), mistakes=[]
    )


def _me() -> UUID:
    found: UUID = current_user.id
    return found


def _waiting(framework: Competencies | None) -> start.PendingItems:
    """Return what waits beside courses; what is to do for others, all rooms say in one statement."""
    ends = officers.ends(framework, {_me(): _roles()})[_me()] if framework else {}
    events = workshops.own_bookings(actor())
    return start.PendingItems(
        today=clock.today(),
        ends=ends,
        titles={name: title(framework, name).text for name in ends} if framework else {},
        events=events,
        said=stored_translations.translations_for([one.workshop.id for one in events], wanted()),
        duties=duty_lines.tasks(_duties()),
    )


def _duties() -> Mapping[str, Any]:
    """Return what is to do for others; the number of notices, which the frame shows, comes along."""
    also = {"unread": messages.counting_unread(_me())}
    found = tasks.ask(ports().task_sources, actor(), also)
    if found:
        request_state().unread = found["unread"]
    return found


def _manages() -> str:
    """Return what somebody is here for who is no officer and looks after others, "" else."""
    if _roles() or not allows(actor(), Action.INVITE, own_scope(actor())):
        return ""
    if allows(actor(), Action.SEE_OWN_COUNTRY, own_scope(actor())):
        return "country"
    return "plan" if allows(actor(), Action.SEE_PLAN) else "people"


def _roles() -> tuple[str, ...]:
    return tuple(current_user.signed.posting_roles)


def _ways() -> paths.Ways:
    """Return what may lead on: courses, and workshops with what is scored there."""
    lines = workshops.listing(actor(), clock.today())
    ids = [line.id for line in lines]
    events = paths.events(lines, workshops.outcomes_of(ids), stored_translations.translations_for(ids, wanted()))
    return paths.Ways(learning.visible_courses(actor()), events, frozenset(_roles()))


def _competency(competency: FrameworkCompetency, mistakes: Sequence[tuple[str, object]] = ()) -> str:
    details = competencies.know(_me(), _roles(), competency.entry, clock.today())
    shown = competencies.show(details, competency.framework, competency.entry, _ways())
    return render_template("home/competency.html", mistakes=list(mistakes), **shown)


def _named(notices: Sequence[NoticeLine]) -> list[NoticeLine]:
    """Return the notices with titles of competencies, courses and events in place of their codes."""
    told = {name for notice in notices for name in notice.facts}
    titles: dict[str, Mapping[str, str]] = {}
    if "competency" in told:
        titles["competency"] = catalogue.competency_titles(current())
    if "course" in told:
        titles["course"] = course_titles(actor())
    if "workshop" in told:
        codes = {str(notice.facts["workshop"]) for notice in notices if "workshop" in notice.facts}
        titles["workshop"] = workshops.titles(actor(), codes, wanted())
    return [replace(notice, facts=_with_titles(notice.facts, titles)) for notice in notices]


def _with_titles(facts: Mapping[str, Any], titles: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    return {name: titles[name].get(str(value), value) if name in titles else value for name, value in facts.items()}


def _line(notice: NoticeLine) -> dict[str, Any]:
    return {
        "text": labels.sentence(notice.kind, notice.facts),
        "href": notice.path,
        "at": notice.at,
        "unread": notice.unread,
    }


def _found(words: str, number: int) -> dict[str, Any]:
    drafts = drafts_shown()
    who = actor()
    further = workshops.findable(who)
    offset = (number - 1) * PAGE
    hits = search.find(words, actor=who, language=wanted(), drafts=drafts, further=further, offset=offset)
    count = search.count(words, actor=who, drafts=drafts, further=further)
    return {
        "query": words,
        "words": words,
        "found": [_hit(hit) for hit in hits],
        "count": count,
        **_pager(number, count, PAGE, "home.search_site", {"q": words}),
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "title": hit.title,
        "href": f"{hit.path}#{hit.anchor}" if hit.anchor else hit.path,
        "kind": _kind(hit),
        "parts": hit.parts,
        "lang": hit.language,
        "dir": direction(hit.language),
        "language": language(hit.language).name,
    }


def _kind(hit: Hit) -> str:
    if hit.ref == ReferenceKind.TREATIES:
        return _("Treaties")
    return _("Workshop") if hit.kind == "workshop" else _("Lesson")


def _pager(number: int, count: int, size: int, endpoint: str, values: dict[str, Any]) -> dict[str, Any]:
    return ListPage(number, size, count).links(endpoint, **values)
