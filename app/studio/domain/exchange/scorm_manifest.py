"""Write imsmanifest.xml of a SCORM 1.2 package: one organization with an item for each page that a player opens.

Source: ADL SCORM 1.2 Content Aggregation Model, sections 2.3 and 2.4.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

MANIFEST = "imsmanifest.xml"
_SPACES = {
    "xmlns": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
    "xmlns:adlcp": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
}
_SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Sco:
    """A page that a player opens; `media` are the paths of its media, `mastery` the score in per cent that passes."""

    name: str  # of its file, without the extension
    title: str
    media: tuple[str, ...] = ()
    mastery: float | None = None

    @property
    def href(self) -> str:
        """Return the path of the page in the package."""
        return f"{self.name}.html"


@dataclass(frozen=True, slots=True)
class ManifestFacts:
    """Identifier and title of a package, its pages in order, and the files that all of them use."""

    identifier: str
    title: str
    scos: Sequence[Sco]
    shared: Sequence[str]


def write_manifest(facts: ManifestFacts) -> bytes:
    """Return the manifest of a package."""
    root = Element("manifest", {"identifier": facts.identifier, "version": "1.0", **_SPACES})
    metadata = SubElement(root, "metadata")
    SubElement(metadata, "schema").text = "ADL SCORM"
    SubElement(metadata, "schemaversion").text = "1.2"
    _add_organization(root, facts)
    _add_resources(root, facts)
    indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode").encode() + b"\n"


def _add_organization(root: Element, facts: ManifestFacts) -> None:
    organizations = SubElement(root, "organizations", {"default": "course"})
    organization = SubElement(organizations, "organization", {"identifier": "course"})
    SubElement(organization, "title").text = facts.title
    for sco in facts.scos:
        values = {"identifier": f"item-{sco.name}", "identifierref": f"page-{sco.name}", "isvisible": "true"}
        item = SubElement(organization, "item", values)
        SubElement(item, "title").text = sco.title
        if sco.mastery is not None:
            SubElement(item, "adlcp:masteryscore").text = f"{sco.mastery:g}"


def _add_resources(root: Element, facts: ManifestFacts) -> None:
    resources = SubElement(root, "resources")
    for sco in facts.scos:
        values = {
            "identifier": f"page-{sco.name}",
            "type": "webcontent",
            "adlcp:scormtype": "sco",
            "href": sco.href,
        }
        resource = SubElement(resources, "resource", values)
        for path in (sco.href, *sco.media):
            SubElement(resource, "file", {"href": path})
        SubElement(resource, "dependency", {"identifierref": _SHARED})
    values = {"identifier": _SHARED, "type": "webcontent", "adlcp:scormtype": "asset"}
    shared = SubElement(resources, "resource", values)
    for path in facts.shared:
        SubElement(shared, "file", {"href": path})
