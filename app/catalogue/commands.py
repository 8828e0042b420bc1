"""`flask courses`: check course folders, show figures, update translation headers, load drafts, publish."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click
from flask.cli import AppGroup

from app.catalogue.domain.clues import course_clues, report
from app.catalogue.domain.clues.blind_sheets import blind_sheets
from app.catalogue.domain.disk import RefusedFolderError, files_on_disk
from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.guess_checks import future_guesses
from app.catalogue.domain.items import ItemKind
from app.catalogue.domain.library import Library
from app.catalogue.domain.problems import Problem, Weight
from app.catalogue.domain.references.country_card_checks import expired_numbers
from app.catalogue.domain.references.plan import changed_definitions
from app.catalogue.domain.references.treaties import overdue
from app.catalogue.domain.stale_translations import stale_translations
from app.catalogue.domain.statistics import LONG, LessonTally, Tally, tally
from app.catalogue.domain.text import TextFile
from app.catalogue.domain.translation_header import with_current_header
from app.catalogue.domain.translations import FrontState
from app.catalogue.domain.versions import BY_CONSOLE, VersionKind
from app.catalogue.queries import courses as catalogue_courses
from app.catalogue.service import publication
from app.catalogue.service.preparation import ReadyCourse, prepare
from app.catalogue.service.publication import Stored
from app.db.session import transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.kernel.errors import DomainError, InputError
from app.web.settings import settings
from config import courses_folders

courses = AppGroup("courses", help="Courses as plain text: check, count, load as drafts, publish.")


@courses.command("check")
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path))
@click.option("--warnings/--no-warnings", default=True, help="Show what is not wrong but weak.")
def check(folders: tuple[Path, ...], *, warnings: bool) -> None:
    """Show every mistake of folders of courses, or of single courses, with file and line.

    Without a folder, the site's own are checked. A single course may refer to its neighbours, else to the site's.
    """
    has_errors = False
    for folder in folders or courses_folders():
        try:
            problems = _problems(folder)
        except RefusedFolderError as error:
            problems = error.problems
        errors = _show(problems, warnings=warnings)
        has_errors = has_errors or bool(errors)
        click.echo(f"{folder.name}: {len(errors)} mistakes, {len(problems) - len(errors)} warnings")
    if has_errors:
        raise SystemExit(1)


def _problems(folder: Path) -> list[Problem]:
    """Return the problems of a folder of courses, or of a single course, whose paths begin with the course's name."""
    if not (folder / "course.toml").exists():
        library, problems = read_folder(files_on_disk(folder))
        return problems + _overdue(library) + _future(library) + _stale(library, folder)
    course = {f"{folder.name}/{path}": content for path, content in files_on_disk(folder).items()}
    library, problems = read_folder(course, base=_beside(folder))
    return problems + _future(library) + _stale(library, folder.parent)


def _stale(library: Library, folder: Path) -> list[Problem]:
    """Return a warning for each stale translation; `folder` contains the courses."""
    return stale_translations(library, lambda path: datetime.fromtimestamp((folder / path).stat().st_mtime, UTC).date())


def _beside(folder: Path) -> Library:
    """Return the library that a single course may refer to, without the course itself."""
    has_references = (folder.parent / "competencies.toml").exists()
    library, _problems = read_folder(files_on_disk(folder.parent if has_references else courses_folders()[0]))
    others = {slug: course for slug, course in library.courses.items() if slug != folder.name}
    return Library(others, library.references)


@courses.command("follow")
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path)
)
@click.option("--reviewed", is_flag=True, help="A second person has read them.")
def follow_source(paths: tuple[Path, ...], *, reviewed: bool) -> None:
    """Write into translations that they follow their source as it is now."""
    state = FrontState.REVIEWED if reviewed else FrontState.DRAFT
    by_root: dict[Path, list[Path]] = {}
    for path in paths:
        by_root.setdefault(_root_of(path), []).append(path)
    for root, translations in by_root.items():
        files = files_on_disk(root)
        library, _problems = read_folder(files)
        for path in translations:
            try:
                text = with_current_header(files, path.relative_to(root).as_posix(), library=library, state=state)
            except DomainError as error:
                raise click.ClickException(str(error)) from error
            path.write_bytes(text)
            click.echo(f"{path} follows its source.")


def _root_of(path: Path) -> Path:
    """Return the folder of courses that a file of a course, or a shared document, belongs to."""
    root = path.parent
    while (root / "course.toml").exists() or root.name in ("lessons", "documents"):
        root = root.parent
    return root


@courses.command("table")
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
def table(folders: tuple[Path, ...]) -> None:
    """Show what each course comes to: lessons, words, minutes, items by kind and form, citations, languages."""
    for folder in folders or settings().courses_paths:
        library, _problems = read_folder(files_on_disk(folder))
        for course in library.courses.values():
            click.echo("\n".join(_lines(tally(course), course.slug)))


def _lines(counted: Tally, slug: str) -> Iterator[str]:
    yield f"{counted.code} {slug}"
    yield f"  {'lesson':<32} minutes  words  mean  over {LONG}  citations  countries  checks"
    yield from map(_lesson_line, counted.lessons)
    yield from _item_lines(counted)
    yield f"  {sum(counted.items.values())} items, {counted.decisions} decisions in cases"
    for language, states in counted.states.items():
        yield f"  {language}: " + ", ".join(f"{count} {state}" for state, count in states.items())


def _lesson_line(lesson: LessonTally) -> str:
    return (
        f"  {lesson.slug:<32} {lesson.minutes:>7} {lesson.word_count:>6} {lesson.mean:>5} {lesson.long:>8}"
        f" {lesson.citations:>10} {lesson.countries:>10} {lesson.checks:>7}"
    )


def _item_lines(counted: Tally) -> Iterator[str]:
    forms = sorted({form for _kind, form in counted.items}, key=str)
    yield f"  {'items':<32} " + " ".join(f"{form or 'any':>7}" for form in forms) + "   all"
    for kind in sorted({kind for kind, _form in counted.items}):
        yield _item_line(kind, [counted.items.get((kind, form), 0) for form in forms])


def _item_line(kind: ItemKind, counts: Sequence[int]) -> str:
    return f"  {kind:<32} " + " ".join(f"{count:>7}" for count in counts) + f" {sum(counts):>5}"


@courses.command("clues")
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--course", "slugs", multiple=True, help="Only this course, by the name of its folder; may be repeated.")
@click.option("--gate", is_flag=True, help="End with status 1 if a bar is missed.")
@click.option("--items", "with_items", is_flag=True, help="List the single-choice items that words alone give away.")
@click.option("--sample", type=click.IntRange(1, 100), help="Write blind sheets: items a course and sheet.")
@click.option("--seed", default=1, show_default=True, help="The same seed draws the same items.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default="blind", show_default=True)
def clues(
    folders: tuple[Path, ...],
    *,
    slugs: tuple[str, ...],
    gate: bool,
    with_items: bool,
    sample: int | None,
    seed: int,
    out: Path,
) -> None:
    """Show what words, length and place of the options give away, against the bars for publication."""
    missed = []
    for folder in folders or courses_folders():
        banks = course_clues.source_banks(read_folder(files_on_disk(folder))[0])
        chosen = course_clues.chosen_banks(banks, slugs)
        missed += _show_clues(banks, chosen, with_items=with_items)
        if sample:
            _write_sheets(out, blind_sheets(chosen, sample, seed))
    if gate:
        click.echo("\n".join(missed) or "Every bar is met.")
        raise SystemExit(1 if missed else 0)


def _write_sheets(folder: Path, sheets: Mapping[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in sheets.items():
        (folder / name).write_text(text, encoding="utf-8")


def _show_clues(banks: course_clues.Banks, chosen: course_clues.Banks, *, with_items: bool) -> list[str]:
    """Print the clues of the chosen courses and return the gates that they miss."""
    measured = {slug: course_clues.clues_of(banks, slug) for slug in chosen}
    for slug, figures in measured.items():
        click.echo("\n".join(report.lines(slug, figures)) + "\n")
        if with_items:
            click.echo("\n".join(report.item_lines(course_clues.items_given_away(banks, slug))) + "\n")
    if len(chosen) == len(banks) > 1:
        click.echo("\n".join(report.lines("all", course_clues.clues_of_all(banks, measured))) + "\n")
    return course_clues.missed_lines(measured)


@courses.command("load")
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--publish", type=click.Choice([str(kind) for kind in BY_CONSOLE]), help="Publish what changed, as this.")
@click.option("--message", default="", help="What changed, in a sentence.")
@click.option("--by", "first", default="", help="Alias of the person who publishes.")
@click.option("--second", default="", help="Alias of the second person.")
def load(folders: tuple[Path, ...], *, publish: str | None, message: str, first: str, second: str) -> None:
    """Load the folders as drafts; an error in any file loads nothing."""
    people = _two_people(first, second) if publish else None
    for folder in folders or settings().courses_paths:
        files = files_on_disk(folder)
        library, problems = read_folder(files)
        if _show([*problems, *_changed(library), *_future(library)], warnings=False):
            raise click.ClickException("Nothing was loaded. Correct the errors above first.")
        for ready in _render(library, files):
            _store(ready, publish=publish, message=message, people=people)
        _store_references(library)


def _store_references(library: Library) -> None:
    try:
        with transaction():
            publication.store_references(library.references, clock.now())
    except DomainError as error:
        raise click.ClickException(str(error)) from error


def _overdue(library: Library) -> list[Problem]:
    """Return a warning for each treaty that is due to be checked, and for each number that is no longer shown."""
    references = library.references
    problems = []
    if text := references.toml.get("treaties.toml"):
        problems += overdue(TextFile("treaties.toml", text), references.treaties, clock.today())
    if text := references.toml.get("countries.toml"):
        problems += expired_numbers(TextFile("countries.toml", text), references.countries, clock.today())
    return problems


def _future(library: Library) -> list[Problem]:
    """Return the problems of measurements with a day that has not come yet."""
    return [
        problem
        for folder in library.courses.values()
        for problem in future_guesses(folder.course, clock.today(), file=f"{folder.slug}/course.toml", toml=folder.toml)
    ]


def _changed(library: Library) -> list[Problem]:
    """Compare the definitions of indicators with those that are stored."""
    text, before = library.references.toml.get("plan.toml"), catalogue_courses.plan()
    return changed_definitions(TextFile("plan.toml", text), library.references.plan, before) if text and before else []


def _render(library: Library, files: dict[str, bytes]) -> list[ReadyCourse]:
    try:
        return [prepare(folder, library.references, files) for folder in library.courses.values()]
    except InputError as error:
        raise click.ClickException(f"Nothing was loaded. {error}") from error


def _store(ready: ReadyCourse, *, publish: str | None, message: str, people: tuple[UUID, UUID] | None) -> None:
    try:
        with transaction():
            stored = publication.store_draft(ready, clock.now())
            if publish and people:
                published = publication.publish(
                    ready.folder.course.id,
                    kind=VersionKind(publish),
                    message=message,
                    first_id=people[0],
                    second_id=people[1],
                    now=clock.now(),
                )
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    done = "draft" if isinstance(stored, Stored) else "unchanged"
    if publish and isinstance(published, Stored):
        done = "published"
    click.echo(f"{stored.code}: {done}, version {stored.number}")


def _two_people(first: str, second: str) -> tuple[UUID, UUID]:
    people = [accounts.person_by_alias(alias) for alias in (first, second)]
    if people[0] is None or people[1] is None or people[0] == people[1]:
        raise click.ClickException("To publish, name two different people by alias: --by and --second.")
    return people[0], people[1]


def _show(problems: Sequence[Problem], *, warnings: bool) -> list[Problem]:
    errors = [problem for problem in problems if problem.weight is Weight.ERROR]
    for problem in problems if warnings else errors:
        click.echo(str(problem), err=True)
    return errors
