"""Trainers who write courses in a browser."""

from uuid import uuid4

from playwright.sync_api import Page, expect

from app.access.policy import Role, Scope
from tests.support.visitors import Visitor, press

TRAINER = ((Role.TRAINER, Scope.EVENT, str(uuid4())),)
TRAINER_OF_ALL = ((Role.TRAINER, Scope.ALL, ""),)


def create_course(trainer: Visitor) -> str:
    """Create a course by its form; return the path of its outline."""
    page = trainer.go("/teaching/courses/new")
    page.locator("#title").fill(f"A course {uuid4().hex[:6]}")
    page.locator("#paragraph").fill("What it is about.")
    page.locator("#outcomes").fill("write down what you saw")
    page.locator("main details summary").click()
    page.locator("#code").fill(f"T{uuid4().int % 10**6}")
    press(page.locator("main form button.primary"))
    return page.url.removeprefix(trainer.url)


def add_lesson(page: Page, title: str) -> None:
    """Add a lesson to the outline that is open; its editor opens."""
    page.locator(".add-lesson #title").fill(title)
    press(page.locator(".add-lesson button"))
    expect(page.locator("[data-editor]")).to_be_visible()
