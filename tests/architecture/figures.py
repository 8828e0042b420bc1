"""The figures that only get better: what is measured, the recorded numbers, and the table of `make figures`."""

import argparse
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.architecture import boundaries, measures
from tests.architecture.source_tree import ROOT, Offence, Tree, repository

RATCHETS = Path(__file__).with_name("ratchets.toml")
WORST_SHOWN = 10
PACKAGE = re.compile(r"(?:app|tests)/(?!translations/|templates/|static/)([^/]+)/")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A measure with the rule that it checks and the number that the tree is meant to reach."""

    measure: Callable[[Tree], list[Offence]]
    rule: str
    target: str = "0"
    count: Callable[[Sequence[Offence]], int] = len
    whole: Callable[[Tree], int] | None = None  # what the percentage refers to
    across: bool = False  # whether the places of one package depend on other packages


DENSITY = {
    "functions_over_7_decisions": Figure(
        measure=measures.functions_over_7_decisions,
        rule="a function has at most 7 decisions: branches, loops, ternaries, comprehensions, and/or",
        target="2 %",
        whole=lambda tree: sum(1 for _ in measures.functions(tree)),
    ),
    "nested_ternaries": Figure(
        measure=measures.nested_ternaries,
        rule="no conditional expression inside another one",
    ),
    "matches_without_assert_never": Figure(
        measure=measures.matches_without_assert_never,
        rule="a match over a closed set ends with `case _: assert_never(...)`",
    ),
    "template_lines_over_140": Figure(
        measure=measures.template_lines_over_140,
        rule="a line of a template has at most 140 characters",
        target="2 %",
        whole=measures.template_lines,
    ),
    "modules_over_400_lines": Figure(
        measure=measures.modules_over_400_lines,
        rule="a module over 400 lines gives its reason in ratchets.toml",
        target="with a reason",
    ),
    "modules_at_the_top": Figure(
        measure=measures.modules_at_the_top,
        rule="a package of app has at most 14 modules at its top",
        target="14",
        count=measures.largest_package,
    ),
    "names_in_inside_contract": Figure(
        measure=measures.names_in_inside_contract,
        rule="the contract `inside` names at most 14 modules",
        target="14",
    ),
}

BOUNDARIES = {
    "imports_beside_interface": Figure(
        measure=boundaries.imports_beside_interface,
        rule="another package imports service, queries, domain, events, shapes and labels only",
        across=True,
    ),
    "role_checks_outside_access": Figure(
        measure=boundaries.role_checks_outside_access,
        rule="roles are compared in app/access only: call `allows(actor, Action.X, thing)`",
    ),
    "uses_of_extensions": Figure(
        measure=boundaries.uses_of_extensions,
        rule='`extensions["..."]` is used in app/factory.py and in typed accessors only',
    ),
    "uses_of_session_info": Figure(
        measure=boundaries.uses_of_session_info,
        rule="`session.info` is used in app/db/session.py only",
    ),
    "untyped_pages": Figure(
        measure=boundaries.untyped_pages,
        rule="a page is a frozen dataclass, not a dict[str, Any]",
        target="19",
    ),
    "imports_of_test_modules": Figure(
        measure=boundaries.imports_of_test_modules,
        rule="no test module is imported by another module of tests",
    ),
    "imports_of_private_test_names": Figure(
        measure=boundaries.imports_of_private_test_names,
        rule="no module of tests imports a name that starts with an underscore",
    ),
}

VOCABULARY = {
    "banned_names": Figure(
        measure=measures.banned_names,
        rule="a name is the noun of its value; a comprehension of one line is excepted",
    ),
    "names_one_and_found": Figure(
        measure=measures.names_one_and_found,
        rule="a name is the noun of its value, not `one` or `found`",
        target="99",
    ),
    "repeated_class_names": Figure(
        measure=measures.repeated_class_names,
        rule="a class name is used once in app",
        target="25",
        count=measures.distinct_texts,
        across=True,
    ),
    "functions_named_like_tests": Figure(
        measure=measures.functions_named_like_tests,
        rule="only functions of tests are named test_*",
    ),
    "prose_in_app": Figure(measure=measures.prose_in_app, rule="prose names its subject with the standard term"),
    "prose_in_templates": Figure(
        measure=measures.prose_in_templates, rule="prose names its subject with the standard term"
    ),
    "prose_in_tests": Figure(measure=measures.prose_in_tests, rule="prose names its subject with the standard term"),
}

FIGURES = {**DENSITY, **BOUNDARIES, **VOCABULARY}


def offences(name: str, tree: Tree, package: str = "") -> list[Offence]:
    """Return the places that a figure counts, the worst first; of one package, or of the whole tree."""
    figure = FIGURES[name]
    whole = tree if figure.across or not package else tree.only(package)
    places = [place for place in figure.measure(whole) if not package or place.package == package]
    return sorted(places, key=lambda place: (-place.weight, place.path, place.line))


def number(name: str, tree: Tree, package: str = "") -> int:
    """Return the number of a figure."""
    return FIGURES[name].count(offences(name, tree, package))


def recorded() -> dict[str, int]:
    """Return the highest number allowed for each figure."""
    numbers: dict[str, int] = tomllib.loads(RATCHETS.read_text("utf-8"))["figures"]
    return numbers


def reasons() -> dict[str, str]:
    """Return the modules that may have more than 400 lines, with the reason."""
    modules: dict[str, str] = tomllib.loads(RATCHETS.read_text("utf-8"))["long_modules"]
    return modules


def excess(name: str, tree: Tree, allowed: int) -> str:
    """Return a message if a figure is above the allowed number, else the empty text."""
    now = number(name, tree)
    if now <= allowed:
        return ""
    worst = "\n".join(f"  {place}" for place in offences(name, tree)[:WORST_SHOWN])
    return (
        f"{name}: {now}, at most {allowed} are allowed. Rule: {FIGURES[name].rule}.\nThe worst:\n{worst}\n"
        f"All: .venv/bin/python -m tests.architecture.measures --list {name}"
    )


def lowered(text: str, numbers: Mapping[str, int]) -> str:
    """Return the text of ratchets.toml with each recorded number that is above the measured one lowered."""

    def lower(line: re.Match[str]) -> str:
        return f"{line[1]} = {min(int(line[2]), numbers.get(line[1], int(line[2])))}"

    return re.sub(r"^(\w+) = (\d+)$", lower, text, flags=re.M)


def commits_in_one_package(log: str) -> tuple[int, int]:
    """Return how many commits change 4 to 6 files, and how many of them change files of exactly one package.

    Files outside the packages of app and tests (catalogues, settings, migrations) belong to no package.
    """
    commits = [re.findall(r"^\S+$", commit, re.M) for commit in log.split("\0")]
    medium = [files for files in commits if 4 <= len(files) <= 6]
    packages = [{match[1] for file in files if (match := PACKAGE.match(file))} for files in medium]
    return len(medium), sum(len(names) == 1 for names in packages)


def main() -> None:
    """Print the table of all figures, or the places of one, or lower the recorded numbers."""
    parser = argparse.ArgumentParser(prog="python -m tests.architecture.measures", description=main.__doc__)
    parser.add_argument(
        "--list", "--worst", metavar="NAME", choices=[*FIGURES, "all"], help="print each place, worst first"
    )
    parser.add_argument("--package", default="", help="of this package only (app/PACKAGE and tests/PACKAGE)")
    parser.add_argument("--lower", action="store_true", help="lower the recorded numbers to the measured ones")
    options = parser.parse_args()
    if options.lower:
        _lower()
    elif options.list:
        for name in FIGURES if options.list == "all" else [options.list]:
            _print_places(name, options.package)
    else:
        _print_table(options.package)


def _lower() -> None:
    text = RATCHETS.read_text("utf-8")
    now = lowered(text, {name: number(name, repository()) for name in recorded()})
    if now != text:
        RATCHETS.write_text(now, "utf-8")


def _print_places(name: str, package: str) -> None:
    places = offences(name, repository(), package)
    sys.stdout.write(f"# {name}: {FIGURES[name].count(places)}. {FIGURES[name].rule}\n")
    for place in places:
        sys.stdout.write(f"{place}\n")


def _print_table(package: str) -> None:
    _print_line("figure", "now", "recorded", "target")
    allowed = recorded()
    for name, figure in FIGURES.items():
        now = number(name, repository(), package)
        percent = "" if package or not figure.whole else f" ({now / figure.whole(repository()):.1%})"
        _print_line(name, f"{now}{percent}", "" if package else str(allowed.get(name, len(reasons()))), figure.target)
    if not package:
        medium, alone = commits_in_one_package(_log())
        _print_line(
            "commits_of_4_to_6_files_in_one_package", f"{alone} of {medium} ({alone / max(medium, 1):.0%})", "", "65 %"
        )
        _print_line("lines_of_app", str(measures.lines_of_app(repository())), "", "")


def _print_line(*cells: str) -> None:
    sys.stdout.write("{:40}{:>18}{:>10}  {}\n".format(*cells))


def _log() -> str:
    command = ["git", "log", "--no-merges", "--format=%x00", "--name-only"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
