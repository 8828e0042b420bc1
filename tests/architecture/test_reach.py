"""What the code reaches: the database by bound values, few other programs and machines, agreed ciphers and chance."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.source_tree import Source, source

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [*sorted((ROOT / "app").rglob("*.py")), ROOT / "config.py", ROOT / "wsgi.py"]
NETWORK = {
    "aiohttp", "ftplib", "http", "httpx", "imaplib", "obstore", "poplib", "requests", "smtplib", "socket", "ssl",
    "telnetlib", "urllib", "urllib3", "xmlrpc",
}  # fmt: skip
OUTSIDE = {"subprocess", "os.system", "os.popen", "pty", "ctypes", "multiprocessing"}
UNSAFE = {"pickle", "marshal", "shelve", "dill", "yaml", "code", "codeop", "pdb", "lxml", "defusedxml"}
DIRECTORIES = {"ldap", "ldap3", "memcache", "pymemcache", "redis", "jpype", "xpath", "pylatex"}


@cache
def _files() -> tuple[Source, ...]:
    return tuple(source(path) for path in SOURCES)


def _imports() -> Iterator[tuple[str, str]]:
    """Yield file and what it imports, in full: `urllib.parse.urlsplit`."""
    for file in _files():
        for node in file.nodes(ast.Import):
            yield from ((file.path, name.name) for name in node.names)
        for imported in file.nodes(ast.ImportFrom):
            yield from ((file.path, f"{imported.module}.{name.name}") for name in imported.names)


def _calls(name: str) -> list[tuple[str, ast.Call]]:
    calls = [(file.path, node) for file in _files() for node in file.nodes(ast.Call)]
    return [pair for pair in calls if name in {getattr(pair[1].func, "attr", None), getattr(pair[1].func, "id", None)}]


def _importing(names: set[str]) -> set[tuple[str, str]]:
    return {(file, name) for file, name in _imports() if names & {name, name.split(".")[0]}}


def _attributes(module: str) -> set[tuple[str, str]]:
    return {
        (file.path, node.attr)
        for file in _files()
        for node in file.nodes(ast.Attribute)
        if isinstance(node.value, ast.Name) and node.value.id == module
    }


@pytest.mark.parametrize(
    ("call", "excepted"),
    [
        ("text", {"app/db/server/database_info.py"}),  # one of two constants
        ("literal_column", set()),
        ("exec_driver_sql", {"app/db/session.py"}),  # settings by names that are constants in the code
    ],
)
def test_no_statement_is_put_together_from_texts(call: str, excepted: set[str]) -> None:
    from_sqlalchemy = {file for file, name in _imports() if name == "sqlalchemy.text"}
    built = {
        file
        for file, node in _calls(call)
        if (call != "text" or file in from_sqlalchemy)
        if not (node.args and isinstance(node.args[0], ast.Constant))
    }
    assert built == excepted


def test_few_places_start_a_program_and_none_by_a_shell() -> None:
    assert _importing(OUTSIDE) == {
        ("app/backup/service/store/postgresql_copies.py", "subprocess"),  # pg_dump and pg_restore
        ("app/demo/rows/worker_process.py", "multiprocessing"),
        ("app/demo/rows/worker_process.py", "multiprocessing.context.BaseContext"),
        ("app/demo/commands.py", "subprocess"),
        ("app/demo/truth/command.py", "multiprocessing"),
        ("app/markup/sandbox/child_process.py", "subprocess"),
        ("app/processes.py", "subprocess"),
        ("app/studio/service/video_conversion.py", "subprocess"),
    }
    assert [pair for pair in _attributes("os") if pair[1] in {"system", "popen", "execv", "spawnv"}] == []
    shells = [file for file, node in _calls("Popen") for word in node.keywords if word.arg == "shell"]
    assert shells == []
    assert [file for file, node in _calls("run") if any(word.arg == "shell" for word in node.keywords)] == []


def test_only_mail_and_the_object_store_talk_to_another_machine() -> None:
    harmless = {
        "urllib.parse.urlsplit",
        "urllib.parse.quote",
        "urllib.parse.unquote",
        "urllib.parse.urlencode",
        "urllib.parse.parse_qs",
        "http.HTTPStatus",
    }
    assert {pair for pair in _importing(NETWORK) if pair[1] not in harmless} == {
        # backups and media, if a setting names a store
        ("app/db/stores/object_store.py", "obstore"),
        ("app/db/stores/object_store.py", "obstore.exceptions.BaseError"),
        ("app/db/stores/object_store.py", "obstore.store.ClientConfig"),
        ("app/db/stores/object_store.py", "obstore.store.S3Store"),
        ("app/messages/jobs.py", "smtplib"),
        ("app/messages/jobs.py", "ssl"),
        ("app/operations/commands/doctor.py", "socket"),  # does the mail server answer
        ("app/processes.py", "socket"),  # is the port free
        # does the web server answer
        ("app/processes.py", "http.client.HTTPConnection"),
        ("app/processes.py", "http.client.HTTPException"),
        ("app/schedule.py", "socket"),  # the machine's own name
        # is the demonstration on this machine up
        ("app/demo/commands.py", "socket"),
        ("app/demo/commands.py", "urllib.error.URLError"),
        ("app/demo/commands.py", "urllib.request.urlopen"),
    }


def test_ciphers_and_hashes_are_the_agreed_ones() -> None:
    assert {name for _file, name in _imports() if name.split(".")[0] == "cryptography"} == {
        "cryptography.exceptions.InvalidSignature",
        "cryptography.exceptions.InvalidTag",
        "cryptography.hazmat.primitives.asymmetric.ed25519.Ed25519PrivateKey",
        "cryptography.hazmat.primitives.asymmetric.ed25519.Ed25519PublicKey",
        "cryptography.hazmat.primitives.ciphers.aead.AESGCM",
    }
    assert {name for _file, name in _attributes("hashlib")} == {"sha256"}
    assert {name for _file, name in _attributes("hmac")} == {"new", "compare_digest"}
    assert {pair for pair in _imports() if pair[1].split(".")[0] == "pyrage"} == {
        ("app/backup/service/encryption.py", "pyrage"),  # age: X25519 and ChaCha20-Poly1305
        ("app/backup/service/encryption.py", "pyrage.x25519"),
        ("config.py", "pyrage.RecipientError"),  # is it a public key
        ("config.py", "pyrage.x25519"),
    }
    assert {file for file, name in _imports() if name.split(".")[0] == "argon2"} == {"app/sign_in/service/passwords.py"}


def test_chance_that_can_be_foreseen_is_for_questions_cases_checks_and_the_demonstration() -> None:
    played = {file for file, name in _imports() if name.split(".")[0] == "random"}
    assert {file for file in played if not file.startswith("app/demo/")} == {
        "app/quizzes/domain/selection.py",  # questions of a test,
        "app/quizzes/domain/papers.py",  # papers and
        "app/quizzes/domain/practice.py",  # practice sessions: drawn again from the seed of the attempt
        "app/quizzes/service/watched.py",  # the order of options in a watched attempt: again from its seed
        "app/checks/domain/surprise.py",  # officers of a surprise draw: drawn again from its recorded seed
        "app/checks/domain/pools.py",  # questions of a watched check: drawn by a secret seed
        "app/scenarios/domain.py",  # the order of moves: drawn again from a kept seed
        "app/studio/domain/case_cards.py",  # the order of printed cards: each print of a case is the same
        "app/catalogue/domain/clues/blind_sheets.py",  # sheets for guessing: drawn again from the seed of the command
        "app/catalogue/domain/clues/solver.py",  # keys at random: a fixed seed, so that figures can be compared
    }
    assert {name for _file, name in _imports() if name.startswith("uuid.uuid")} <= {"uuid.uuid4", "uuid.uuid5"}


def test_nothing_reads_objects_or_asks_directories_and_caches() -> None:
    assert _importing(UNSAFE | DIRECTORIES) == {
        # read XML without document types and entities
        ("app/credentials/domain/baking.py", "defusedxml.DefusedXmlException"),
        ("app/credentials/domain/baking.py", "defusedxml.ElementTree"),
        ("app/studio/domain/exchange/xml_questions.py", "defusedxml.ElementTree.iterparse"),
        ("app/studio/domain/exchange/xml_questions.py", "defusedxml.common.DefusedXmlException"),
        ("app/studio/domain/exchange/translation_xliff.py", "defusedxml.ElementTree.fromstring"),
        ("app/studio/domain/exchange/translation_xliff.py", "defusedxml.common.DefusedXmlException"),
        ("app/reports/service/embedded.py", "defusedxml.ElementTree.ParseError"),
        ("app/reports/service/embedded.py", "defusedxml.ElementTree.iterparse"),
        ("app/reports/service/embedded.py", "defusedxml.common.DefusedXmlException"),
    }


def test_every_pattern_is_written_in_the_code() -> None:
    """A pattern that people typed could run for ever, or mean something else."""
    made = {
        file
        for name in ("compile", "fullmatch", "search", "match", "sub", "split", "findall", "finditer")
        for file, node in _calls(name)
        if isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "re"
        if not _is_fixed(node.args[0])
    }
    assert made == {
        "app/studio/domain/exchange/word_questions.py",  # names of keys, which are constants
        "app/studio/domain/media_library.py",  # the name of a file, escaped
        "app/catalogue/domain/toml_tables.py",  # what each key of a file takes, from the readers of files
        "app/quizzes/domain/matching.py",  # one pattern for the comma, one for the point
    }


def test_no_format_comes_from_people() -> None:
    made = {
        file
        for file, node in _calls("format")
        if isinstance(node.func, ast.Attribute) and not _is_fixed(_in_markup(node.func.value))
    }
    assert made == {
        "app/audit/commands.py",  # a sentence for each kind of fault
        "app/backup/domain/manifest.py",  # JSON with line breaks
        "app/backup/service/site_files.py",  # the same
        "app/backup/service/store/postgresql_copies.py",  # names of databases, quoted by the library of PostgreSQL
        "app/backup/service/store/row_hashes.py",  # names of tables, quoted in the same way
        "app/db/session.py",  # one of two constants
        "app/i18n/babel.py",  # places for as many values as there are
    }


def _in_markup(node: ast.expr) -> ast.expr:
    return node.args[0] if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Markup" else node


def _is_fixed(node: ast.expr) -> bool:
    """Say whether an expression is made of constants alone, by themselves or by their names in capitals."""
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return all(name == name.upper() for name in names) and not any(isinstance(p, ast.Call) for p in ast.walk(node))
