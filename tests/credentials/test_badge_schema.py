"""Badges and the issuer's profile against the JSON schemas of Open Badges 3.0."""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.catalogue.queries import courses as catalogue, versions
from app.credentials.domain import checking
from app.kernel import clock
from tests.support import badge_schemas, certificates, plans, signed_badges
from tests.support.badge_schemas import BADGE, PROFILE
from tests.support.certificates import Certifiable


@pytest.fixture
def holder(app: Flask) -> Certifiable:
    return certificates.certifiable(app)


def _of_event(holder: Certifiable) -> str:
    return holder.issue(holder.open_event)


def _of_restricted_event(holder: Certifiable) -> str:
    return holder.issue(holder.restricted_event)


def _of_course(holder: Certifiable) -> str:
    with holder.app.app_context():
        outline = catalogue.outline(versions.current_ids()[0])
        plans.complete(holder.person_id, outline, clock.now())
    return holder.issue(f"{outline.course_id}/{outline.number}", "completion")


def _of_competence(holder: Certifiable) -> str:
    page = holder.client.get("/credentials").text
    key = page.partition(f'value="{certificates.COMPETENCY}/')[2].partition('"')[0]
    return holder.issue(f"{certificates.COMPETENCY}/{key}", "competence")


def _badge(holder: Certifiable, certificate_id: str, extension: str = "json", form: str = "name") -> dict[str, Any]:
    answer = holder.client.get(f"/credentials/{certificate_id}/badge/{extension}?holder={form}")
    assert answer.status_code == 200
    return dict(json.loads(checking.read_file(answer.data) or ""))


@pytest.mark.parametrize("issue", [_of_event, _of_restricted_event, _of_course, _of_competence])
@pytest.mark.parametrize("form", ["name", "alias"])
def test_badge_of_each_kind_follows_the_schema(
    holder: Certifiable, issue: Callable[[Certifiable], str], form: str
) -> None:
    badge = _badge(holder, issue(holder), form=form)
    assert badge_schemas.errors(badge, BADGE) == []


def test_badges_of_one_certificate_are_the_same_in_each_file(holder: Certifiable) -> None:
    certificate_id = _of_event(holder)
    badges = [_badge(holder, certificate_id, extension) for extension in ("json", "png", "svg")]
    assert badges[1:] == badges[:1] * 2
    assert [badge_schemas.errors(badge, BADGE) for badge in badges] == [[], [], []]


def test_badge_that_replaces_another_follows_the_schema(holder: Certifiable) -> None:
    old = _of_event(holder)
    assert holder.post(f"/credentials/{old}/replacement", reason="The name was wrong.") == 302
    new = _of_event(holder)
    badge = _badge(holder, new)
    assert badge["credentialStatus"]["statusListIndex"] == str(holder.stored(new).status_index)
    assert badge_schemas.errors(badge, BADGE) == []


def test_issuer_follows_the_schema_of_profiles(holder: Certifiable) -> None:
    profile = json.loads(holder.app.test_client().get("/verify/issuer").text)
    assert badge_schemas.errors(profile, PROFILE) == []
    assert badge_schemas.errors({**profile, "type": ["Person"]}, PROFILE) != []
    assert badge_schemas.errors({**profile, "name": 7}, PROFILE) != []


def _without(*path: str) -> Callable[[dict[str, Any]], None]:
    def change(badge: dict[str, Any]) -> None:
        part = badge
        for name in path[:-1]:
            part = part[name]
        del part[path[-1]]

    return change


def _with(value: object, *path: str) -> Callable[[dict[str, Any]], None]:
    def change(badge: dict[str, Any]) -> None:
        part = badge
        for name in path[:-1]:
            part = part[name]
        part[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (_without("@context"), "$"),
        (_without("id"), "$"),
        (_without("type"), "$"),
        (_without("issuer"), "$"),
        (_without("validFrom"), "$"),
        (_without("credentialSubject"), "$"),
        (_without("credentialSubject", "achievement"), "$.credentialSubject"),
        (_without("credentialSubject", "achievement", "criteria"), "$.credentialSubject"),
        (_without("credentialStatus", "type"), "$.credentialStatus"),
        (_without("proof", "type"), "$.proof"),
        (_with(["VerifiableCredential"], "type"), "$.type"),
        (_with(["https://www.w3.org/ns/credentials/v2"], "@context"), "$['@context']"),
        (_with(7, "credentialSubject", "achievement", "description"), "$.credentialSubject"),
        (_with("yes", "credentialSubject", "identifier"), "$.credentialSubject"),
        (_with("2027-06-01", "validFrom"), "$.validFrom"),
        (_with("2027-02-30T09:00:00Z", "validFrom"), "$.validFrom"),
        (_with("2027-06-01T09:00:00", "credentialSubject", "activityEndDate"), "$.credentialSubject"),
    ],
)
def test_schema_refuses_a_badge_with_an_error(change: Callable[[dict[str, Any]], None], place: str) -> None:
    badge = json.loads(signed_badges.signed(signed_badges.document()))
    assert badge_schemas.errors(badge, BADGE) == []
    change(badge)
    errors = badge_schemas.errors(badge, BADGE)
    assert errors != []
    assert all(error.startswith(place) for error in errors), errors


def test_missing_schema_is_an_error_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"Run: make \.venv/dev"):
        badge_schemas.schema(BADGE, tmp_path)


def test_archive_gives_the_schemas_and_nothing_else(tmp_path: Path) -> None:
    archive, folder = tmp_path / "some.tar.gz", tmp_path / "schemas"
    with tarfile.open(archive, "w:gz") as files:
        for name in (BADGE, PROFILE, "README.md", "../../outside.json"):
            member = tarfile.TarInfo(f"some-1/tests/ob_schemas/{name}")
            member.size = 2
            files.addfile(member, io.BytesIO(b"{}"))
    badge_schemas.unpack(archive, folder)
    assert sorted(path.name for path in tmp_path.rglob("*.*")) == sorted([BADGE, PROFILE, archive.name])
    assert badge_schemas.schema(PROFILE, folder) == {}
