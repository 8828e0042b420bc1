from collections import Counter

from defusedxml.ElementTree import fromstring
from hypothesis import given, strategies as st

from app.studio.domain.exchange.scorm_manifest import ManifestFacts, Sco, write_manifest

CP = "{http://www.imsproject.org/xsd/imscp_rootv1p1p2}"
ADLCP = "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"
TITLES = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=30)


def _facts(titles: list[str], mastery: float | None = 75.0) -> ManifestFacts:
    lessons = [Sco(f"lesson-{number:02}", title, ("media/a.png",)) for number, title in enumerate(titles, 1)]
    return ManifestFacts("colep-T10-v1-en", "Night", [*lessons, Sco("test", "Test", mastery=mastery)], ("scorm.js",))


def test_manifest_names_the_schema_and_its_version() -> None:
    root = fromstring(write_manifest(_facts(["The list"])))
    assert root.tag == f"{CP}manifest"
    assert root.findtext(f"{CP}metadata/{CP}schema") == "ADL SCORM"
    assert root.findtext(f"{CP}metadata/{CP}schemaversion") == "1.2"


def test_manifest_has_one_organization_that_is_the_default() -> None:
    organizations = fromstring(write_manifest(_facts(["The list"]))).find(f"{CP}organizations")
    assert organizations is not None
    (organization,) = organizations
    assert organizations.get("default") == organization.get("identifier")


def test_only_the_test_has_a_mastery_score() -> None:
    root = fromstring(write_manifest(_facts(["The list"], mastery=72.5)))
    scores = {item.get("identifier"): item.findtext(f"{ADLCP}masteryscore") for item in root.iter(f"{CP}item")}
    assert scores == {"item-lesson-01": None, "item-test": "72.5"}


@given(st.lists(TITLES, max_size=12))
def test_each_item_has_its_title_and_leads_to_a_page(titles: list[str]) -> None:
    root = fromstring(write_manifest(_facts(titles)))
    resources = {resource.get("identifier"): resource for resource in root.iter(f"{CP}resource")}
    items = list(root.iter(f"{CP}item"))
    assert [item.findtext(f"{CP}title") for item in items] == [*titles, "Test"]
    for item in items:
        resource = resources[item.get("identifierref")]
        assert resource.get(f"{ADLCP}scormtype") == "sco"
        assert resource.get("href") in {file.get("href") for file in resource.iter(f"{CP}file")}


@given(st.lists(TITLES, max_size=12))
def test_identifiers_are_unique_and_dependencies_exist(titles: list[str]) -> None:
    root = fromstring(write_manifest(_facts(titles)))
    identifiers = Counter(name for element in root.iter() if (name := element.get("identifier")) is not None)
    assert set(identifiers.values()) == {1}
    references = {element.get("identifierref") for element in root.iter()} - {None}
    assert references <= identifiers.keys()
