import re
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.access.policy import Role, Scope
from app.catalogue.domain.items import Level
from app.checks.service import watchers
from app.competence.domain.evidence import EvidenceKind
from app.competence.service import evidence_records
from app.db.session import db, transaction
from app.identity.models import Person
from app.kernel import clock
from app.plan.domain import rules
from app.plan.domain.cells import published_day
from app.plan.domain.records import CompetencyPeriod, OfficerRecord, WatchedDay
from app.plan.domain.rules import CORE, OWN_CHAIN
from app.plan.domain.spans import PostingInterval
from app.plan.models import Contribution
from app.plan.pages import companions as pages
from app.plan.queries import figures, left_out, own_chain
from app.plan.queries.companions import Companions
from app.plan.service import recalculation
from tests.support import factories, plan_figures as numbers, plans, sql_statements
from tests.support.competency_evidence import days, new, record
from tests.support.plan_figures import Scene
from tests.support.settings import NOW
from tests.support.surprise_scene import share_agency

PAGE, ROWS = "/plan/indicators/OC2.1", "/plan/indicators/OC2.1/rows?watched=own_chain"
SETTINGS = {"core": ["LRE-03", "ONL-01"], "level": "foundation"}
OFFICER = UUID(int=7)
# officers of each country whom the own chain alone watched, of those verified
OWN = {"BG": 1, "DE": 5, "FR": 6, "IQ": 3}


def _record(*watched: WatchedDay) -> OfficerRecord:
    posting = PostingInterval("IQ", "police", ("investigator",), days(100))
    periods = tuple(CompetencyPeriod(name, Level.FOUNDATION, days(60), days(10)) for name in SETTINGS["core"])
    return OfficerRecord(OFFICER, (posting,), periods, {}, watched)


def _watched(competency: str, ago: int, *, own: bool, level: Level = Level.FOUNDATION) -> WatchedDay:
    return WatchedDay(competency, level, days(ago), own)


def _parts(*watched: WatchedDay) -> list[tuple[str, int, int]]:
    spans = rules.verified_in_all(_record(*watched), SETTINGS)
    return [(span.thing, (days(0) - span.since).days, (days(0) - span.until).days) for span in spans if span.until]


def test_officer_counts_once_whoever_watched() -> None:
    assert _parts() == [(CORE, 60, 10)]
    assert _parts(_watched("LRE-03", 60, own=True)) == [(OWN_CHAIN, 60, 10)]


def test_newer_piece_of_others_ends_the_own_chain() -> None:
    watched = (_watched("LRE-03", 60, own=True), _watched("LRE-03", 30, own=False))
    assert _parts(*watched) == [(OWN_CHAIN, 60, 31), (CORE, 30, 10)]


def test_one_competency_of_the_own_chain_is_enough() -> None:
    watched = (_watched("LRE-03", 60, own=False), _watched("ONL-01", 40, own=True))
    assert _parts(*watched) == [(CORE, 60, 41), (OWN_CHAIN, 40, 10)]


def test_other_competencies_and_lower_levels_do_not_matter() -> None:
    assert _parts(_watched("VIC-01", 60, own=True)) == [(CORE, 60, 10)]
    settings = SETTINGS | {"core": ["LRE-03"], "level": "practitioner"}
    officer = OfficerRecord(
        OFFICER,
        _record().postings,
        (CompetencyPeriod("LRE-03", Level.PRACTITIONER, days(60), days(10)),),
        {},
        (_watched("LRE-03", 50, own=True),),
    )
    assert [span.thing for span in rules.verified_in_all(officer, settings)] == [CORE]


def test_share_counts_each_day_once_whoever_watched() -> None:
    record_ = _record(_watched("LRE-03", 60, own=True), _watched("LRE-03", 30, own=False))
    spans = rules.verified_in_all_share(record_, SETTINGS)
    assert [(span.thing, span.numerator) for span in spans] == [
        (CORE, 0.0), (OWN_CHAIN, 1.0), (CORE, 1.0), (CORE, 0.0),
    ]  # fmt: skip
    assert all(before.until and before.until < after.since for before, after in pairwise(spans))


@pytest.mark.parametrize(
    ("verified", "own", "sentence"),
    [
        (40, 12, "30% of the officers verified."),
        (20, 8, "10 of 20 officers verified."),
        (20, 4, ""),
        (20, 17, ""),
        (8, 5, ""),
        (0, 0, ""),
    ],
)
def test_outside_reads_rounded_numbers_or_none(lite_app: Flask, verified: int, own: int, sentence: str) -> None:
    beside = pages.outside(Companions("verified_in_all", {"verified": verified, "own_chain": own}))
    with lite_app.test_request_context():
        sentences = pages.sentences(plans.plan(plans.toml(plans.indicator("OC1.1"))).indicator[0], beside)
    assert any(sentence in text for text in sentences) if sentence else sentences == []


def test_locked_figure_without_the_numbers_has_no_sentence(lite_app: Flask) -> None:
    with lite_app.test_request_context():
        indicator = plans.plan(plans.toml(plans.indicator("OC1.1"))).indicator[0]
        assert pages.sentences(indicator, Companions("verified_in_all", {})) == []


def _mark(scene: Scene) -> None:
    """Let the own chain alone have watched some of the verified officers of each country."""
    with scene.app.app_context(), transaction():
        for country, count in OWN.items():
            verified = select(Contribution.id).where(
                Contribution.code == "OC2.1", Contribution.country == country, Contribution.numerator > 0
            )
            ids = list(db.session.scalars(verified.order_by(Contribution.id).limit(count)))
            db.session.execute(update(Contribution).where(Contribution.id.in_(ids)).values(thing=OWN_CHAIN))


@pytest.fixture
def scene(lite_app: Flask) -> Scene:
    made = numbers.make(lite_app)
    _mark(made)
    return made


def _text(scene: Scene, reader: str, path: str = PAGE) -> str:
    answer = scene.client(reader).get(path)
    assert answer.status_code == 200, (reader, path, answer.status)
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_coordinator_reads_the_exact_total_and_bands_by_country(scene: Scene) -> None:
    page = _text(scene, "coordinator")
    assert "Watched by the own chain alone: 15 of 29 officers verified." in page
    table = page[page.index("Country Officers ") :]
    assert "Germany 5 to 9 of 20" in table
    assert "Iraq 1 to 4 of 14" in table
    assert "3 of 20" not in table


@pytest.mark.parametrize("reader", ["coordinator", "contact point", "co-chair"])
def test_page_of_a_past_day_says_that_the_table_is_on_that_of_today(scene: Scene, reader: str) -> None:
    with scene.app.app_context():
        past = published_day(clock.today()).isoformat()
    sentence = "The table “Watched by the own chain alone” is on the page of today only."
    assert sentence in _text(scene, reader, f"{PAGE}?on={past}")
    today = _text(scene, reader)
    assert sentence not in today
    assert "Pages of past days do not have this table." in today


def test_contact_point_reads_the_own_country_exactly(scene: Scene) -> None:
    page = _text(scene, "contact point")
    assert "Iraq 3 of 7" in page
    assert "15 of 29" not in page
    assert "Germany" not in page[page.index("Country Officers ") :]


def test_co_chair_reads_rule_o_and_opens_no_records(scene: Scene) -> None:
    page = _text(scene, "co-chair")
    assert "of the officers verified." in page
    assert "15 of 29" not in page
    assert "watched=own_chain" not in scene.client("co-chair").get(PAGE).text
    assert scene.client("co-chair").get(ROWS).status_code == 403


def test_records_of_the_own_chain_open_as_page_and_file(scene: Scene) -> None:
    client = scene.client("coordinator")
    assert "watched=own_chain" in client.get(PAGE).text
    assert "15 records count on" in _text(scene, "coordinator", ROWS)
    assert len(client.get(ROWS.replace("/rows", "/rows.csv")).text.strip().splitlines()) == 1 + 15
    assert "3 records count on" in _text(scene, "contact point", ROWS)
    assert "Watched by the own chain alone" in client.get("/plan/indicators/OC2.1.csv").text


def test_records_of_the_own_chain_have_no_second_filter(scene: Scene) -> None:
    client = scene.client("coordinator")
    assert client.get(f"{ROWS}&country=DE").status_code == 400
    assert client.get(ROWS.replace("own_chain", "others")).status_code == 400
    assert client.get(ROWS.replace("OC2.1", "OP2.1")).status_code == 404


def test_officers_under_threat_are_left_out_by_country(scene: Scene) -> None:
    def own(country: str) -> int:
        with scene.app.test_request_context():
            defined = figures.definition("OC2.1", clock.today())
            without = left_out.protected_people()
            return own_chain.by_country(defined, clock.today(), without=without)[country].own_chain

    before = own("DE")
    with scene.app.app_context(), transaction():
        person_id = db.session.scalars(
            select(Contribution.person_id).where(Contribution.thing == OWN_CHAIN, Contribution.country == "DE").limit(1)
        ).one()
        db.session.get_one(Person, person_id).protected = True
    assert own("DE") == before - 1


def test_page_takes_as_many_statements_for_more_records(scene: Scene) -> None:
    client = scene.client("coordinator")
    before = sql_statements.asked(scene.app, client, PAGE)
    with scene.app.app_context(), transaction():
        db.session.execute(update(Contribution).where(Contribution.numerator > 0).values(thing=OWN_CHAIN))
    assert sql_statements.asked(scene.app, client, PAGE) == before


@pytest.mark.each_database
def test_watched_evidence_moves_the_figure_of_the_own_chain(context: Flask) -> None:
    plans.load(plans.indicator("OC1.1", settings='core = ["PRT-01"]'))
    with transaction():
        officer = factories.person(now=NOW - timedelta(days=60))
        colleague, other = factories.person(), factories.person()
    assessor = factories.person(roles=(), grants=((Role.ASSESSOR, Scope.COUNTRY, "IQ"),))
    record(
        new(officer, EvidenceKind.MODULE, days(40), competency="PRT-01"),
        new(officer, EvidenceKind.WORKSHOP, days(20), competency="PRT-01", assessor_id=assessor),
    )
    assert _things(officer) == [CORE]
    share_agency(officer, colleague)
    for ago, watching in ((9, [colleague]), (4, [colleague, other])):
        [number] = record(new(officer, EvidenceKind.CHECK, days(ago), competency="PRT-01"))
        assert number is not None
        newest = number
        with transaction():
            watchers.record(number, officer, watching, days(ago))
    with transaction():
        recalculation.recount_all("OC1.1")
    assert _things(officer) == [CORE, OWN_CHAIN, CORE]
    with transaction():
        evidence_records.void(newest, by=None, reason="Wrong officer.", now=clock.now())
    assert _things(officer) == [CORE, OWN_CHAIN]


def _things(person_id: UUID) -> list[str]:
    query = select(Contribution.thing).where(Contribution.subject == person_id, Contribution.code == "OC1.1")
    return list(db.session.scalars(query.order_by(Contribution.since)))
