"""View models of the panel of the lesson editor that inserts a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from flask import url_for

from app.catalogue.domain.library import CourseFolder
from app.studio.domain.media_library import markdown_of
from app.studio.forms.media import NewMediumForm
from app.studio.pages.media import ENDPOINT, picture_address
from app.studio.pages.medium import picture_limits, prefilled_form
from app.studio.queries import checked, media
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PicturePanel:
    """The form of a new picture, and where its choice and its answer come from."""

    form: NewMediumForm
    limits: str
    add_url: str
    choice_url: str
    media_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenPicture:
    """A picture of the course with the Markdown that shows it."""

    name: str
    address: str
    description: str
    markdown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureChoice(Page):
    """The pictures of a course to choose from; `lang` is the language of their descriptions."""

    template: ClassVar[str] = "studio/picture_choice.html"
    pictures: Sequence[ChosenPicture]
    lang: str


def panel(workspace: Workspace, folder: CourseFolder, user_id: UUID) -> PicturePanel:
    """Return the panel of a course."""
    return PicturePanel(
        form=prefilled_form(folder, user_id),
        limits=picture_limits(),
        add_url=url_for("studio.add_picture", course=workspace.slug),
        choice_url=url_for("studio.choose_picture", course=workspace.slug),
        media_url=url_for(ENDPOINT, course=workspace.slug),
    )


def choice(workspace: Workspace) -> PictureChoice:
    """Return the pictures of a course."""
    states = media.media_files(workspace).states()
    descriptions = {state.name: state.entry.description if state.entry else "" for state in states}
    return PictureChoice(
        pictures=[
            ChosenPicture(
                name=name,
                address=picture_address(workspace, name),
                description=description,
                markdown=markdown_of(name, description),
            )
            for name, description in descriptions.items()
            if picture_address(workspace, name)
        ],
        lang=checked.folder(workspace).course.source_language,
    )
