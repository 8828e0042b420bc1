"""Views of the user's own pages: `/`, `/path`, `/record` and `/notices`."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.policy import Action, allows, own_scope
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.checks.queries import products, requests as check_requests
from app.checks.queries.ways import WaysOfOfficer, all_ways
from app.competence.labels.competencies import role_titles, summary, title
from app.competence.queries import competencies as competence, desk_tasks, officers
from app.competence.service import claims as competence_service
from app.competence.shapes import ClaimLine, CompetencyStatus
from app.db.session import transaction
from app.home import domain
from app.home.forms import ClaimForm
from app.home.pages import (
    competency as competency_pages,
    notices as notice_pages,
    path as paths,
    record as records,
    required_courses,
    start,
    tasks as task_lines,
)
from app.home.pages.path import FrameworkCompetency
from app.home.pages.start import HomePage
from app.home.queries import tasks, watchers
from app.home.views._blueprint import bp
from app.i18n import stored_translations
from app.i18n.languages import current
from app.kernel import clock
from app.learning.labels import wanted
from app.learning.queries import completion, progress as learning, suggestions as courses_suggested
from app.messages import queries as messages
from app.messages.service import outbox as messages_service
from app.ports import ports
from app.web.pages import render
from app.web.paging import ListPage
from app.web.request_state import request_state
from app.workshops.queries import own_nominations, workshops

DESK_TASKS = 50  # of the own record


@bp.get("/")
@requires(Action.LEARN)
def show_start() -> ResponseReturnValue:
    """Show the next step, the tasks, the own path and the coming workshops."""
    signed, today, roles = current_user.signed, clock.today(), _roles()
    begun = learning.begun(signed.person_id)
    framework = catalogue.competencies()
    pending = _pending_items(framework)
    outlines, lines = courses_suggested.offered(actor())
    visible = learning.statuses_for(outlines, begun)
    under_way = start.under_way(begun)
    states = completion.course_states(signed.person_id, today).values() if roles else ()  # of officers alone
    asked = [*required_courses.tasks(states, visible, today), *start.suggested(lines, visible, today)]
    return render(
        HomePage(
            alias=signed.alias,
            part_of_day=domain.part_of_day(clock.now().astimezone(ZoneInfo(signed.time_zone))),
            next=start.hero(under_way[0]) if under_way else None,
            area=_managed_area(),
            to_do=start.tasks(begun, visible, pending, asked),
            serves_others=bool(pending.tasks_for_others),
            role=role_titles(framework, current()).get(roles[0], roles[0]) if roles else "",
            path=start.path(roles[0], visible) if roles else [],
            needs=start.needs(pending),
            coming=start.coming(pending),
            checks_href=_checks_href(),
        )
    )


@bp.get("/path")
@requires(Action.SEE_OWN_PATH)
def path() -> ResponseReturnValue:
    """Show the needs of the own roles with their status and the next steps."""
    framework = catalogue.competencies()
    if framework is None:
        return render(paths.PathPage(has_framework=False, summary=summary([])))
    statuses = competence.path(actor().id, _roles(), clock.today())
    return render(paths.path_page(statuses, framework, _offers(statuses), _roles()))


@bp.get("/path/<competency:competency>")
@requires(Action.SEE_OWN_PATH, load=paths.framework_competency)
def competency(loaded: FrameworkCompetency, competency: str) -> ResponseReturnValue:
    """Show a competency: the date and its reason, the evidence, and what would extend it."""
    return _competency(loaded)


@bp.post("/path/<competency:competency>/claim")
@requires(Action.CLAIM_SKILL, load=paths.framework_competency)
def claim_skill(loaded: FrameworkCompetency, competency: str) -> ResponseReturnValue:
    """Claim a skill from earlier experience."""
    form = ClaimForm(request.form)
    form.offer(loaded.entry.levels)
    if not form.validate():
        return _competency(loaded, [("level", form.level.errors[0])]), 422
    with transaction():
        competence_service.claim_skill(actor().id, competency, form.chosen(), clock.now())
    flash(_("Claimed. Your contact point or your supervisor decides."))
    return redirect(url_for("home.competency", competency=competency))


@bp.post("/path/<competency:competency>/claim/withdraw")
@requires(Action.CLAIM_SKILL, load=paths.open_claim)
def withdraw_claim(claim: ClaimLine, competency: str) -> ResponseReturnValue:
    """Withdraw an open claim."""
    with transaction():
        competence_service.withdraw_claim(claim.id, clock.now())
    flash(_("Withdrawn. You can claim it again."))
    return redirect(url_for("home.competency", competency=competency))


@bp.get("/record")
@requires(Action.SEE_OWN_RECORD)
def record() -> ResponseReturnValue:
    """Show verified and lapsed competencies, certificates, and courses finished or under way."""
    user, today = actor(), clock.today()
    attended = workshops.certificates(user, today)
    translations = stored_translations.translations_for([line.id for line in attended], wanted())
    framework = catalogue.competencies()
    competencies = records.competencies(officers.held_by(user.id, today), framework, today)
    certificates = records.certificates(attended, translations)
    begun, ended = learning.record(user.id)
    return render(records.record_page(begun, ended, competencies, certificates))


@bp.get("/notices")
@requires(Action.SEE_OWN_NOTICES)
def notices() -> ResponseReturnValue:
    """Show the own notices, the newest first."""
    number = request.args.get("page", 1, type=int)
    lines = messages.notices(actor().id, max(1, min(number, 1000)))
    list_page = ListPage(number, messages.PAGE, messages.count(actor().id))
    return render(notice_pages.notices_page(lines, list_page))


@bp.post("/notices/read")
@requires(Action.SEE_OWN_NOTICES, audited=False, reason="reading own notices is like a reading position")
def read_notices() -> ResponseReturnValue:
    """Mark all notices as read."""
    with transaction():
        messages_service.mark_all_read(actor().id, clock.now())
    flash(_("All notices are marked as read."))
    return redirect(url_for("home.notices"))


def _pending_items(framework: Competencies | None) -> start.PendingItems:
    """Return the needs, the bookings and the tasks for other people."""
    user = actor()
    ends = officers.ends(framework, {user.id: _roles()})[user.id] if framework else {}
    bookings = workshops.own_bookings(user)
    counts = _task_counts()
    nominations = own_nominations.to_come(user, clock.now()) if counts.get("own_nominations") else []
    events = [*(line.workshop.id for line in bookings), *(line.workshop.id for line in nominations)]
    return start.PendingItems(
        today=clock.today(),
        now=clock.now(),
        ends=ends,
        titles={name: title(framework, name).text for name in ends} if framework else {},
        bookings=bookings,
        nominations=nominations,
        translations=stored_translations.translations_for(events, wanted()),
        tasks_for_others=task_lines.tasks(counts),
    )


def _task_counts() -> Mapping[str, Any]:
    """Return the counts of tasks for other people; the same statement counts unread notices for the layout."""
    counts = tasks.counts(ports().task_sources, actor(), {"unread": messages.counting_unread(actor().id)})
    if counts:
        request_state().unread = counts["unread"]
    return counts


def _checks_href() -> str:
    """Return the page of watched checks for a user who takes or watches them, or ""."""
    concerned = allows(actor(), Action.TAKE_SEAT) or allows(actor(), Action.SEE_SITTINGS)
    return url_for("checks.show_sittings") if concerned else ""


def _managed_area() -> tuple[str, str] | None:
    """Return the label and the address of the area that a user without a posting role manages, or None."""
    if _roles() or not allows(actor(), Action.INVITE, own_scope(actor())):
        return None
    if allows(actor(), Action.SEE_OWN_COUNTRY, own_scope(actor())):
        return _("My country"), url_for("home.show_country")
    if allows(actor(), Action.SEE_PLAN):
        return _("Plan"), url_for("plan.show_overview")
    return _("People"), url_for("directory.show_people")


def _roles() -> tuple[str, ...]:
    return tuple(current_user.signed.posting_roles)


def _offers(statuses: Sequence[CompetencyStatus]) -> paths.Offers:
    """Return the courses, workshops and sittings that are open to the user for these competencies."""
    lines, today = workshops.listing(actor(), clock.today()), clock.today()
    ids, open_levels = [line.id for line in lines], paths.not_verified(statuses)
    translations = stored_translations.translations_for(ids, wanted())
    open_ways = all_ways(actor().id, today, open_levels) if open_levels else WaysOfOfficer()
    aims = paths.with_desk_task(open_ways.in_sittings)
    return paths.Offers(
        courses=learning.visible_courses(actor()),
        workshops=paths.assessed_workshops(lines, workshops.outcomes_of(ids), translations),
        roles=frozenset(_roles()),
        ways=open_ways.in_sittings,
        check_requests=check_requests.own(actor().id) if open_levels else {},
        desk_tasks=desk_tasks.needed(actor().id, aims, today) if aims else {},
        workshop_only=open_ways.only_in_workshops,
        today=today,
    )


def _competency(competency: FrameworkCompetency, mistakes: Sequence[tuple[str, object]] = ()) -> str:
    details = competency_pages.details(actor().id, _roles(), competency.entry, clock.today())
    named = watchers.texts(actor(), competency.entry.id, clock.today())
    offers = _offers([details.status])
    own = [line.id for line in products.results_of(actor().id, DESK_TASKS)]
    return render(competency_pages.competency_page(details, competency, offers, mistakes, named, own))
