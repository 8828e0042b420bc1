"""Every state of a page that staff and officers meet: seen by axe, in light and dark, from 320 to 1280 wide."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import pytest

from tests.support import factories
from tests.support.busy_academy import Busy
from tests.support.page_checks import SMALLEST, WANTED, Scheme, look_in_both
from tests.support.served_academy import Academy
from tests.support.visitors import DESKTOP, Enter, press

pytestmark = pytest.mark.browser
# Who sees it: addresses, each with the button of a form that is sent empty or wrong, where there is one.
STATES: Mapping[str, Sequence[tuple[str, str]]] = {
    "officer": (
        ("/courses/trafficking-smuggling-and-the-law/questions", ""),
        ("/courses/trafficking-smuggling-and-the-law/lessons/the-definition/report", ""),
        ("/", ""),
        ("/path", ""),
        ("/path/VIC-01", ""),  # verified
        ("/path/VIC-02", ""),  # scored in an event
        ("/path/VIC-03", ""),  # lapsed
        ("/path/LRE-01", ""),  # in training, with evidence taken out
        ("/path/PRO-01", ""),  # a claim that waits
        ("/path/PRO-02", ""),  # an endorsed one
        ("/path/LRE-02", ""),  # a declined one
        ("/path/COP-03", ""),  # asked for by name, not begun
        ("/workshops", ""),
        ("/workshops?country=BG", ""),
        ("/workshops/{open}", ""),
        ("/workshops/{booked}", ""),
        ("/workshops/{booked}/travel", ""),
        ("/workshops/{booked}/messages/{message}", ""),
        ("/workshops/{waiting}", ""),
        ("/workshops/{full}", ""),
        ("/workshops/{asks}", ""),
        ("/workshops/{cancelled}", ""),
        ("/workshops/{running}", ""),
        ("/check-in", ""),
        ("/check-in", "main form button.primary"),
        ("/check-in/123456", ""),
        ("/workshops/{missed}", ""),
        ("/workshops/{held}", ""),
        ("/workshops/{held}/certificate", ""),
        ("/credentials", ""),
        ("/credentials/{certificate}", ""),
        ("/credentials/{certificate}/print", ""),
        ("/credentials/{certificate}/replacement", "main form button"),
        ("/verify", ""),
        ("/verify/{code of certificate}", ""),
        ("/workshops/{asked}", ""),  # asks for a seat
        ("/workshops/{asked}/interest", ""),
        ("/workshops/{visited}", ""),
        ("/workshops/{visited}/evaluation", ""),
        ("/workshops/{visited}/evaluation", "main form button.primary"),
        ("/workshops/{visited}/commitments", "main form button.primary"),
        ("/workshops/{visited}/report", ""),
        ("/workshops/{followed up}/follow-up", "main form button.primary"),
        ("/record", ""),
        ("/treaties", ""),
        ("/treaties?country=BD", ""),
        ("/treaties?country=RS&with=BG", ""),
        ("/treaties/countries/DE", ""),
        ("/treaties/countries/IQ", ""),
        ("/notices", ""),
        ("/about/support", ""),
        ("/settings", "form[action$=alias] button"),
        ("/settings/sign-in", ""),
        ("/settings/who-looked", ""),
        ("/settings/my-data", ""),
        ("/sign-in/factors", ""),
        ("/about/colep", ""),
        ("/reminders", ""),
        ("/reminders/{officer reminder}", ""),
        ("/practice", ""),  # one that is begun
        ("/attempts/{begun practice}/1", ""),  # explained
        ("/attempts/{begun practice}/2", ""),
        ("/attempts/{begun practice}/check", ""),
        ("/sittings", "main form button"),
        ("/sittings/results", ""),  # none
        ("/sittings/{sitting code}", ""),
        ("/sittings/abcdefgh", ""),
    ),
    "newcomer": (
        ("/", ""),
        ("/path", ""),
        ("/path/VIC-01", ""),
        ("/record", ""),
        ("/practice", ""),
        ("/workshops/{asked}/interest", "main form button.primary"),
        ("/workshops/{shared}", ""),  # with an offer
        ("/workshops/{shared}/interest/decision", ""),
    ),
    "learner": (
        ("/practice", ""),  # with offers
        ("/attempts/{corrected practice}/result", ""),
        ("/attempts/{compared result}/result", ""),
    ),
    "author": (
        ("/courses/how-to-write-a-course/lessons/work-on-papers", ""),  # documents, and questions on them
        ("/courses/how-to-write-a-course/lessons/review-publish-translate", ""),
        ("/courses/how-to-write-a-course/cards", ""),
        ("/teaching/courses/the-identification-interview/bank/panels/{panel}", ""),
        ("/teaching/courses/the-identification-interview/results/cases/scenario", ""),
        ("/teaching/courses/the-identification-interview/cases/scenario/print", ""),
        ("/teaching/courses/the-identification-interview/cases/scenario/print?key", ""),
        ("/teaching/courses/the-identification-interview/documents/answer-of-child-protection/print", ""),
        ("/teaching/courses/recognising-victims/shared-documents/voice-messages-of-rosha-imari/print", ""),
    ),
    "supervisor": (
        ("/endorsements", ""),
        ("/country/claims", ""),
        ("/supervision", ""),
        ("/supervision/events", ""),
        ("/people/{officer}/learning", ""),
        ("/supervision/completion", ""),
        ("/supervision/late", ""),
        ("/supervision/late/remind?row={overdue}&to=officer", ""),
        ("/supervision/matrix", ""),
        ("/supervision/matrix/suggestions/{team batch}", ""),
        ("/supervision/matrix/exemptions/{exemption by the supervisor}", ""),
        ("/country/exemptions", ""),
    ),
    "contact point": (
        ("/audit", ""),
        ("/country/nominations", ""),
        ("/country/participants", ""),
        ("/country/participants/{booked}/{officer}/travel", ""),
        ("/country/participants/{booked}/{officer}/letter", "main form button.primary"),
        ("/country/commitments", ""),
        ("/credentials/revocation?number={number of certificate}", ""),
        ("/country/nominations/{asked}", ""),
        ("/country/nominations/{asked}/sheet", "main form button.primary"),
        ("/country/nominations/{asked}/{asking officer}/decline", "main form button"),
        ("/country/nominations/{shared}/{offered seat}/substitute", ""),
        ("/sittings", ""),
        ("/sittings/new?competency=VIC-01.foundation", "main form button"),
        ("/sittings/{planned sitting}", ""),
        ("/sittings/{open sitting}", ""),
        ("/sittings/{open sitting}/seats/{sitting seat}", "form[action$=refuse] button"),
        ("/sittings/{interrupted sitting}", ""),
        ("/sittings/{closed sitting}", ""),
        ("/country", ""),
        ("/country/seats", ""),
        ("/country/settings", ""),
        ("/country/settings", "main form[action$=services] button"),
        ("/country/settings/second-step", ""),
        ("/country/settings/second-step", "main form button.danger"),
        ("/country/settings/services/{service}", ""),
        ("/country/officers", ""),
        ("/country/officers?role=first_responder&state=due", ""),
        ("/country/officers/{officer}", ""),
        ("/country/claims", ""),
        ("/country/claims", "main form button"),
        ("/sittings/requests", ""),
        ("/sittings/surprise", ""),
        ("/people/{officer}/watched", ""),
        ("/people", ""),
        ("/people?state=deactivated", ""),
        ("/people", "main form[method=post] button"),  # a search without a result
        ("/people/invitations", ""),
        ("/people/invitations?which=expired", ""),
        ("/people/{officer}/extra-time", ""),
        ("/people/proposals/{proposal}", ""),
        ("/people/{officer}/service", ""),
        ("/people/{officer}/service/leaving?last_day=2099-01-01", ""),
        ("/people/{officer}/service/posting?roles=investigator", ""),
        ("/people/{officer}/service/protection", ""),
        ("/people/{officer}/service/erasure", ""),
        ("/people/{officer}/service/erasure", "main form button.danger"),
        ("/people/{officer}/supervisor", ""),
        ("/people/{officer}/learning", ""),
        ("/people/{newcomer}/learning", ""),  # one suggested, one set aside, which may be suggested again
        ("/people/{officer}/who-looked", ""),
        ("/people/{newcomer}/supervisor", ""),  # people to choose from
        ("/people/{supervisor}/supervisor", ""),
        ("/people/{officer}/access", ""),
        ("/people/{officer}/access", "main form button.primary"),
        ("/people/{officer}/access/address", ""),
        ("/people/{officer}/access/address", "main form button.primary"),
        ("/people/{newcomer}/access/address", ""),  # no change waits
        ("/people/{officer}/access/closing", ""),
        ("/people/{officer}/access/closing", "main form button.danger"),
        ("/sign-in/help", ""),
        ("/sign-in/help?sent=1", ""),
        ("/sign-in/help", "main form button.primary"),
        ("/sign-in/help/{reset}", ""),
        ("/sign-in/help/{reset}", "main form button.primary"),
        ("/sign-in/address/{old side}", ""),
        ("/people/{officer}", ""),
        ("/people/{officer}/roles", ""),
        ("/people/{officer}/roles", "form.sheet button.primary"),  # a role held already
        ("/people/invite", ""),
        ("/people/invite", "main form button.primary"),
        ("/people/invitations/{invitation}", ""),
        ("/people/sheet", ""),
        ("/people/sheet", "main form button.primary"),
        ("/people/sheet/{faulty sheet}", ""),
        ("/people/sheet/{right sheet}", ""),
        ("/people/sheet/imports/{import}", ""),
        ("/people/sheet/imports/{undone import}", ""),
        ("/invitation", ""),
        ("/invitation", "main form button.primary"),
        ("/invitation/{link}", ""),
        ("/invitation/{link}/name", ""),
        ("/invitation/{link}/password", ""),
        ("/invitation/{link}/password", "main form button.primary"),
        ("/invitation/{link}/start", ""),
        ("/country/completion", ""),
        ("/country/completion?state=completed_late", ""),  # no officer
        ("/country/late", ""),
        ("/country/late/remind?row={overdue}&to=officer", ""),
        ("/country/matrix", ""),
        ("/country/matrix?show=competencies&role=first_responder", ""),
        ("/country/matrix/suggestions/{batch}", ""),
        ("/country/matrix/exemptions/{exemption by the contact point}", ""),
        ("/country/exemptions", ""),
        ("/country/exemptions/officers/{officer}", ""),
        ("/country/exemptions/officers/{officer}", "main form button.primary"),
        ("/reminders", ""),
        ("/reminders/{reminder}", ""),
        ("/reminders/{reminder}", "main form button.primary"),
        ("/plan/reminders", ""),
        ("/plan/actions", ""),
        ("/plan/actions/{action}", ""),
        ("/plan/required", ""),
        ("/plan/required/{requirement}", ""),
        ("/plan/what-if?code=OC2.1", ""),
        ("/plan", ""),
        ("/plan/indicators/OC2.1", ""),
        ("/plan/indicators/OC2.1/rows", ""),
        ("/plan/records/{OC2.1 of IQ}", ""),
        ("/plan/countries/IQ", ""),
        ("/plan/capacity", ""),
        ("/plan/figures", ""),
        ("/plan/figures/new", ""),
        ("/plan/figures/{approved}", ""),
        ("/plan/edit/OP2.1/2028/IQ", ""),  # an opinion to give
        ("/plan/edit/OP2.1/2028/IQ", "main form[action$=note] button"),
        ("/plan/countries/IQ/needs", ""),
        ("/plan/countries/IQ/needs", "main form.sheet button.primary"),
        ("/plan/edit/sheet", ""),
        ("/plan/edit/sheet", "main form[method=post] button"),  # no file
        ("/plan/edit/sheet/batches/{written values}", ""),
        ("/plan/edit/sheet/batches/{undone values}", ""),
        ("/country/completion/past", ""),
        ("/plan/edit/sheet/checked/{wrong completions}", ""),
        ("/reports", ""),
        ("/reports/country-sheet", ""),
        ("/reports/country-sheet", "main form.sheet button.primary"),  # no form chosen
        ("/reports/{report}", ""),
        ("/reports/{country sheet}", ""),
    ),
    "co-chair": (
        ("/plan", ""),
        ("/plan/indicators/OC2.1", ""),
        ("/plan/countries/BG", ""),
        ("/reports", ""),
        ("/reports/{report}", ""),
    ),
    "trainer": (
        ("/teaching", ""),
        ("/teaching/workshops/new", ""),
        ("/teaching/workshops/new", "main form button.primary"),
        ("/teaching/workshops/{nominated}", ""),
        ("/teaching/workshops/{nominated}/edit", ""),
        ("/teaching/workshops/{booked}/copy", "main form button.primary"),
        ("/workshops/{nominated}/selection", "form[action$=observers] button"),
        ("/workshops/{nominated}/selection/nominees/{nominee}", "main form button.primary"),
        ("/teaching/workshops/{draft}", ""),
        ("/teaching/workshops/{draft}/clearing", ""),
        ("/teaching/workshops/{cleared}/steps/announce", ""),
        ("/teaching/workshops/{booked}", ""),
        ("/teaching/workshops/{booked}/messages", ""),
        ("/teaching/workshops/{booked}/messages/new", "main form button.primary"),
        ("/teaching/workshops/{booked}/files", "main form.sheet button.primary"),
        ("/teaching/workshops/{booked}/travel", ""),
        ("/teaching/workshops/{booked}/needs", ""),
        ("/teaching/workshops/{booked}/sign-in-sheet", ""),
        ("/teaching/workshops/{booked}/badges", ""),
        ("/teaching/workshops/{booked}/edit", ""),
        ("/teaching/workshops/{booked}/steps/cancel", ""),
        ("/teaching/workshops/{booked}/steps/cancel", "main form button"),
        ("/teaching/workshops/{booked}/capacity", ""),
        ("/teaching/workshops/{booked}/admission", "main form button.primary"),
        ("/teaching/workshops/{visited}/afterwards", ""),
        ("/teaching/workshops/{followed up}/afterwards", ""),
        ("/teaching/workshops/{running}", ""),
        ("/teaching/workshops/{running}/sessions/1/attendance", ""),  # a correction
        ("/teaching/workshops/{running}/sessions/2/attendance", ""),  # the first time
        ("/teaching/workshops/{running}/sessions/3/attendance", ""),  # too early
        ("/teaching/workshops/{running}/sessions/2/room", ""),
        ("/teaching/workshops/{running}/tests", ""),
        ("/teaching/cascades", ""),
        ("/teaching/cascades/new", ""),
        ("/teaching/cascades/{cascade}", ""),
        ("/teaching/cascades/{cascade}/edit", "main form button.primary"),
        ("/teaching/workshops/{held}/sessions/1/attendance", ""),  # too late
        ("/teaching/workshops/{held}/steps/close", ""),
    ),
    "assessor": (
        ("/teaching", ""),
        ("/teaching/marking", ""),
        ("/teaching/marking/calibration/VIC-02/foundation", ""),
        ("/teaching/workshops/{booked}/assess", ""),
        ("/teaching/workshops/{running}/assess", ""),
        ("/teaching/workshops/{held}/assess", ""),
        ("/teaching/workshops/{running}/assess/{seat of officer}/VIC-02", ""),  # scored
        ("/teaching/workshops/{running}/assess/{seat of newcomer}/VIC-02", ""),
        ("/teaching/workshops/{running}/criteria/VIC-02/plan", ""),
        ("/teaching/workshops/{running}/assess/{seat of newcomer}/PRO-01", "form.scores button.primary"),
    ),
    "coordinator": (
        ("/sittings/surprise", ""),
        ("/sittings/watching", ""),
        ("/people/sheet", ""),  # a wish to answer
        ("/people", ""),
        ("/people/{officer}/roles", ""),
        ("/teaching", ""),
        ("/teaching/workshops/{closed}", ""),
        ("/teaching/workshops/{cancelled}", ""),
        ("/teaching/workshops/{booked}/people", ""),
        ("/teaching/workshops/{booked}/people", "main form.sheet button.primary"),
        ("/plan", ""),
        ("/plan?compare=1", ""),
        ("/plan?on=2027-01-31", ""),
        ("/plan/outcomes/OC2", ""),
        ("/plan/outcomes/OC2", "form[action$=notes] button"),
        ("/plan/outputs/OP3", ""),
        ("/plan/indicators/OC2.1", ""),  # a share of officers
        ("/plan/indicators/OC2.1?on=2027-02-25", ""),
        ("/plan/indicators/OC2.1?country=IQ", ""),
        ("/plan/indicators/OC2.1?agency_kind=border", ""),
        ("/plan/indicators/OC2.3", ""),  # entered by hand
        ("/plan/indicators/OC1.2", ""),  # not yet collected
        ("/plan/indicators/OP2.1", ""),  # nothing yet
        ("/plan/indicators/OP3.1", ""),  # a count of events
        ("/plan/indicators/OC2.1/rows", ""),
        ("/plan/indicators/OC2.1/rows?country=IQ", ""),
        ("/plan/indicators/OP3.1/rows", ""),
        ("/plan/indicators/OC2.3/rows", ""),
        ("/plan/records/{OC2.1}", ""),
        ("/plan/records/{OP3.1}", ""),
        ("/plan/records/{OC2.3}", ""),
        ("/plan/countries/IQ", ""),
        ("/plan/countries/AT", ""),  # no people
        ("/plan/capacity", ""),
        ("/plan/capacity?on=2027-02-01", ""),
        ("/plan/checks", ""),
        ("/plan/periods", ""),
        ("/plan/periods/2027-q1", ""),
        ("/plan/figures", ""),
        ("/plan/figures/new", ""),
        ("/plan/figures/new", "main form button.primary"),
        ("/plan/figures/{figure draft}", ""),
        ("/plan/figures/{figure draft}", "form[action$=document] button"),
        ("/plan/figures/{figure draft}/change", ""),
        ("/plan/figures/{pending}", ""),  # an own one: another person decides
        ("/plan/figures/{returned}", ""),
        ("/plan/figures/{approved}", ""),
        ("/plan/completion", ""),
        ("/plan/completion?by=course", ""),
        ("/plan/completion?by=both&show=late", ""),
        ("/plan/completion?source=asked", ""),  # no officer
        ("/plan/late", ""),
        ("/plan/late?country=AT", ""),  # nothing
        ("/plan/late/remind?row=course:{course of all}:IQ", ""),
        ("/plan/reminders", ""),
        ("/plan/actions", ""),
        ("/plan/actions?state=done", ""),  # none
        ("/plan/actions/new", ""),
        ("/plan/actions/new", "main form button.primary"),
        ("/plan/actions/{action}", ""),
        ("/plan/required", ""),
        ("/plan/required/new", ""),
        ("/plan/required/new", "main form button.primary"),
        ("/plan/required/{requirement}", ""),
        ("/plan/required/{requirement draft}", ""),
        ("/plan/what-if", ""),
        ("/plan/what-if?code=OC2.1&do=workshop:A07:20:2027-04-14", ""),
        ("/plan/edit", ""),
        ("/plan/edit?result=OP2&period=2028", ""),
        ("/plan/edit/OP2.1/2028", ""),
        ("/plan/edit/OP2.1/2028/IQ", ""),  # an own one: another person decides
        ("/plan/edit/OP2.1/2028/IQ", "main form.sheet button.primary"),
        ("/plan/edit/OP2.1/2028/BG", ""),  # a draft
        ("/plan/edit/OP2.1/2028/split", ""),
        ("/plan/edit/OP2.1/2028/split", "main form.sheet button.primary"),
        ("/plan/edit/OP2.1/2028-Q1/split", ""),  # nothing to split
        ("/plan/countries/IQ/needs", ""),
        ("/plan/countries/AT/needs", ""),  # none
        ("/plan/edit/sheet", ""),
        ("/plan/edit/sheet/checked/{wrong values}", ""),
        ("/plan/edit/sheet/checked/{wrong values}?show=wrong", ""),
        ("/plan/edit/sheet/checked/{right values}", ""),
        ("/plan/edit/sheet/checked/{right values}", "main form.sheet button.primary"),  # without its document
        ("/reports", ""),
        ("/reports/new", ""),
        ("/reports/new", "main form.sheet button.primary"),
        ("/reports/{replaced report}", ""),
        ("/reports/{report}", ""),
        ("/reports/{Arabic report}", ""),
        ("/reports/{queued report}", ""),
        ("/reports/texts", ""),
        ("/reports/texts?kind=country&subject=IQ", ""),
        ("/reports/schedules", ""),
        ("/reports/schedules", "main form.sheet button.primary"),
        ("/reports/donor-lines", ""),
        ("/reports/donor-lines", "main form.sheet button.primary"),
    ),
    "second coordinator": (
        ("/plan/required/{requirement draft}", ""),
        ("/plan/edit/OP2.1/2028/IQ", ""),  # one to agree to
        ("/plan/figures/{pending}", ""),
        ("/plan/figures/{pending}", "form[action$=return] button"),
    ),
    "administrator": (
        ("/people", ""),
        ("/people?account=deactivated", ""),
        ("/people/{officer}", ""),
        ("/operations/incident", ""),
        ("/operations/incident", "main form button.danger"),
        ("/plan/checks", ""),
        ("/audit", ""),
        ("/audit?kind=WorkshopMoved", ""),
    ),
}
# what a browser keeps as a file, another page fetches, or only another journey reaches
NO_PAGES = {
    "operations.administrator_form": "the first run, walked in test_first_run",
    "operations.setup_languages": "the first run, walked in test_first_run",
    "operations.setup_mail": "the first run, walked in test_first_run",
    "operations.show_setup": "the first run, walked in test_first_run",
    "operations.setup_start": "the first run, walked in test_first_run",
    "operations.export_audit_log": "a table to take along",
    "sign_in.app": "between the steps of signing in, walked in test_passkeys",
    "sign_in.show_second_factor": "between the steps of signing in, walked in test_passkeys",
    "operations.show_next_steps": "the first run, walked in test_first_run",
    "about.health": "for the machine that watches",
    "about.ready": "for the machine that watches",
    "credentials.send_pdf": "a certificate to take along",
    "credentials.send_badge": "a certificate to take along",
    "credentials.show_issuer": "for programs that check a badge",
    "credentials.show_status_list": "for programs that check a badge",
    "workshops.download_nomination_sheet": "a sheet to fill",
    "assets.send": "styles and scripts",
    "workshops.signed_list": "a file to take along",
    "catalogue.fragment": "a part of a lesson, fetched by the lesson",
    "catalogue.medium": "a picture",
    "checks.confirm_request": "no way is open here: walked in test_check_requests.py",
    "checks.show_check_result": "no desk task is marked here: tested in tests/checks/test_marking.py",
    "checks.show_excuse": "no officer is drawn here: tested in tests/checks/test_surprise_pages.py",
    "checks.show_product": "no desk task waits here: tested in tests/checks/test_marking.py",
    "checks.show_request_group": "no request waits here: walked in test_check_requests.py",
    "offline.page": "a page without the frame, seen without a connection in test_lesson_offline",
    "offline.worker": "a script",
    "learning.show_answer": "no course has open answers yet: tested in tests/quizzes/test_peer_marking.py",
    "learning.show_answers": "no course has open answers yet: tested in tests/quizzes/test_peer_marking.py",
    "learning.show_peers": "no course has open answers yet: tested in tests/quizzes/test_peer_marking.py",
    "plan.document": "the document behind a figure",
    "coordination.publish_completion": "a table to take along",
    "rights.access_table_export": "a table to take along",
    "intake.empty": "a table to take along",
    "intake.officers": "a table to take along",
    "plan.countries_file": "a table to take along",
    "plan.download_past_completions": "a table to take along",
    "plan.download_value_sheet": "a table to take along",
    "reports.download_file": "a report to take along",
    "quizzes.state": "for the script of a sitting",
    "sign_in.time_left": "for the script of every page",
    "workshops.calendar": "dates to take along",
    "workshops.download_file": "a file to take along",
}


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", sorted(STATES))
def test_no_state_of_a_page_has_a_fault(busy: Busy, enter: Enter, name: str, language: str) -> None:
    user = enter(name, language, SMALLEST if language == "en" else DESKTOP)
    first, next_tab = user.page, user.another_page()  # axe, once in a tab, is read with each page
    seen, faults = _seen_by_others(busy, name), list[str]()
    for number, (path, button) in enumerate(STATES[name]):
        kind = _endpoint(busy.academy, _filled(busy, path))
        thorough = number == 0 or kind not in seen
        if language == "ar" and not thorough:  # test_state_is_sent_in_arabic has these, without a browser
            continue
        page = first if thorough else next_tab
        response = page.goto(user.url + _filled(busy, path))
        assert response is not None
        assert response.ok, path
        if button:
            page.eval_on_selector_all("form", "forms => forms.forEach((it) => { it.noValidate = true; })")
            press(page.locator(button).first)
            assert page.locator("#mistakes").count(), f"{path} {button}: no mistake is told"
        scheme: Scheme = "dark" if number % 2 else "light"
        faults_of_page = look_in_both(page, language, thorough=thorough, scheme=scheme, with_frame=number == 0)
        faults += [f"{path} {button}: {fault}" for fault in faults_of_page]
        seen.add(kind)
    missed = [said for said in user.complaints if "the server responded with a status of 422" not in said]
    assert not faults + missed, "\n".join(faults + missed)


@pytest.mark.parametrize("name", sorted(STATES))
def test_state_is_sent_in_arabic(busy: Busy, name: str) -> None:
    client = factories.sign_in(busy.academy.app, busy.speak(name, "ar"))
    for path in {path: None for path, _button in STATES[name]}:
        response = client.get(_filled(busy, path), follow_redirects=True)
        assert response.status_code == 200, path
        assert '<html lang="ar" dir="rtl"' in response.text, path


def _seen_by_others(busy: Busy, name: str) -> set[str]:
    """Return the kinds of pages that are looked at with all rules as a person who is listed before."""
    before = list(STATES)[: list(STATES).index(name)]
    return {_endpoint(busy.academy, _filled(busy, path)) for other in before for path, _button in STATES[other]}


def test_no_page_is_left_out(busy: Busy) -> None:
    routes = {
        rule.endpoint for rule in busy.academy.app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.rule
    }
    seen = {_endpoint(busy.academy, _filled(busy, path)) for told in STATES.values() for path, _button in told}
    crawled = set.union(*WANTED.values()) - {"missing"}
    # test_studio.py and test_author_references.py look at the pages of authors
    of_authors = {endpoint for endpoint in routes if endpoint.startswith("studio.")}
    assert routes - seen - crawled - of_authors == set(NO_PAGES)


def _endpoint(academy: Academy, path: str) -> str:
    found = academy.app.url_map.bind("localhost").match(urlsplit(path).path)
    return str(found[0])


def _filled(busy: Busy, path: str) -> str:
    """Return an address with the values of its placeholders."""
    names = {
        **busy.events,
        **busy.figures,
        **busy.records,
        **busy.invitation,
        **busy.coordination,
        "draft": busy.events["draft"],
        "figure draft": busy.figures["draft"],
        **{name: busy.people[name] for name in ("officer", "newcomer", "supervisor")},
        **{f"seat of {name}": seat for name, seat in busy.seats.items()},
    }
    for name, value in names.items():
        path = path.replace(f"{{{name}}}", str(value))
    assert "{" not in path, path
    return path
