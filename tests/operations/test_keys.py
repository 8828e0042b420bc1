import base64
import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread
from uuid import UUID

import pytest
from click.testing import Result
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.engine.default import DefaultDialect

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.audit.service import entries as audit, public_keys, verification
from app.db import blind_index, reencryption
from app.db.base import FORMAT, EncryptedText
from app.db.keyring import KeyRing, LostKeyError
from app.db.session import db, transaction
from app.directory.service import reindexing
from app.identity.models import Identity, NameToken
from app.identity.queries import people as identity_people
from app.invitations.models import Invitation
from app.invitations.queries import invitations as invitations_invitations
from app.invitations.service import invitations, letter_codes
from app.kernel import clock
from app.messages import jobs
from app.messages.domain import MOST_TRIES, MailKind, MailState
from app.messages.models import OutgoingMail
from app.messages.service import outbox as messages
from app.operations.commands import keys
from app.operations.service import key_replacement
from app.sign_in.domain import BrowserInfo, CodeKind, Stage
from app.sign_in.models import AuthenticatorApp
from app.sign_in.queries import factors, sessions
from app.sign_in.service import second_factor, sessions as sign_in_sessions
from app.sign_in.service.sessions import SessionOpened
from config import Mail, SettingError, adding_key, from_environment, make_keys, read_key_file, read_keys
from tests.support import factories, sites
from tests.support.invitations import contact_point, invited
from tests.support.mail_server import running
from tests.support.settings import KEYS

PLANTED = ("Zephyrine Quillfeather", "zephyrine@quill.example", "QX 99-17", "Quillfeatherova")


@pytest.fixture
def folder(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Key files of the site's own, as a live one has them."""
    make_keys(tmp_path / "secrets")
    monkeypatch.setenv("SECRETS_PATH", str(tmp_path / "secrets"))
    identity, index = tmp_path / "secrets" / "identity.key", tmp_path / "secrets" / "index.key"
    EncryptedText.ring = KeyRing(read_key_file(identity), identity)
    blind_index.use(KeyRing(read_key_file(index), index))
    yield tmp_path / "secrets"
    EncryptedText.ring = KeyRing(KEYS.identity)
    blind_index.use(KeyRing(KEYS.index))


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


def rotate(app: Flask, name: str = "identity") -> str:
    """Rotate a key and return the id of the new one."""
    done = run(app, "keys", "rotate", name)
    assert done.exit_code == 0, done.output
    return re.search(r"the key (\w+) writes", done.output).group(1)  # type: ignore[union-attr]


def some_time_later(path: Path) -> None:
    os.utime(path, (time.time() - 3600, time.time() - 3600))


def planted(app: Flask) -> UUID:
    """Save a value in every encrypted column; return the invitation."""
    with app.app_context():
        name, mail, number, latin = PLANTED
        person = factories.person(name=name, mail=mail)
        made = invited(
            contact_point(), clock.real_now(), mail=f"x{mail}", name=name, latin_name=latin, service_number=number
        )
        with transaction():
            row = db.session.get_one(Identity, person)
            row.latin_name, row.service_number, row.service_index = (
                latin,
                "QX 99-18",
                blind_index.index("service", "QX 99-18"),
            )
            now = clock.real_now()
            db.session.add(AuthenticatorApp(person_id=person, seed="QXSEEDQXSEED", made_at=now, confirmed_at=now))
        db.session.remove()
    return made


def sealed(app: Flask) -> set[str]:
    """Return the prefix before the colon of each encrypted text."""
    with app.app_context():
        return {
            written.partition(":")[0]
            for table, names in reencryption.tables()
            for name in names
            for (written,) in db.session.execute(text(f"SELECT {name} FROM {table.name} WHERE {name} IS NOT NULL"))
        }


def told(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        kinds = ("KeyAdded", "KeyRetired", "TextsRenewed", "IdentitiesIndexed")
        rows = db.session.scalars(select(Entry).where(Entry.name.in_(kinds)).order_by(Entry.id))
        return [(row.name, row.facts) for row in rows]


def test_encrypted_columns_are_bound_to_their_table_and_name(lite_app: Flask) -> None:
    places = {(table.name, name): kind for table, names in reencryption.tables() for name, kind in names.items()}
    assert len(places) >= 10
    assert {(kind.table, kind.column) for kind in places.values()} == set(places)


def test_encrypted_text_opens_only_in_its_column(lite_app: Flask) -> None:
    name, mail, other = EncryptedText("identity", "name"), EncryptedText("identity", "mail"), EncryptedText("x", "name")
    written = name.process_bind_param("Zephyrine", DefaultDialect())
    assert written is not None
    assert name.open(written) == "Zephyrine"
    for elsewhere in (mail, other):
        with pytest.raises(LostKeyError):
            elsewhere.open(written)


def old_format(value: str) -> str:
    """Return a text in the first format."""
    key_id, key = EncryptedText.ring.newest
    nonce = os.urandom(12)
    return f"{key_id}:{base64.b64encode(nonce + AESGCM(key).encrypt(nonce, value.encode(), key_id.encode())).decode()}"


def test_texts_of_the_first_format_open_and_are_converted(app: Flask, folder: Path) -> None:
    with app.app_context():
        person = factories.person(name="Of old", mail="old@example.org")
        with transaction():
            statement = text("UPDATE identity SET name = :name")
            db.session.execute(statement, {"name": old_format("Of old")})
        assert identity_people.own_name(person) == "Of old"
        db.session.remove()
    assert len(sealed(app)) == 2
    assert run(app, "keys", "reencrypt").exit_code == 0
    assert sealed(app) == {FORMAT + EncryptedText.ring.newest[0]}
    with app.app_context():
        assert identity_people.own_name(person) == "Of old"


@pytest.mark.each_database
def test_key_is_rotated_and_the_old_one_retired(app: Flask, folder: Path) -> None:
    planted(app)
    path = folder / "identity.key"
    ((old, _secret),) = read_key_file(path)
    new = rotate(app)
    assert [name for name, _secret in read_key_file(path)] == [new, old]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    some_time_later(path)
    refused = run(app, "keys", "retire", "identity", old)
    assert (refused.exit_code, "run `flask keys reencrypt` first" in refused.output) == (1, True)
    assert run(app, "keys", "reencrypt").output.endswith(f"All is under the key {new}.\n")
    assert sealed(app) == {FORMAT + new}
    assert run(app, "keys", "retire", "identity", old).exit_code == 0
    assert [name for name, _secret in read_key_file(path)] == [new]
    assert [path.name for path in folder.iterdir() if path.suffix != ".key"] == []
    with app.app_context():
        assert identity_people.own_name(db.session.scalars(select(Identity.person_id)).first()) in {
            PLANTED[0],
            "Test Person",
        }
    facts = told(app)
    assert [name for name, _facts in facts if name.startswith("Key")] == ["KeyAdded", "KeyRetired"]
    secrets = path.read_text("ascii").partition(":")[2].strip()
    assert not any(word in fact for _name, fact in facts for word in (*PLANTED, secrets))


@pytest.mark.parametrize("name", ["identity", "index", "cookie", "audit"])
def test_newest_or_recently_replaced_key_is_not_retired(lite_app: Flask, name: str, folder: Path) -> None:
    newest = read_key_file(folder / f"{name}.key")[0][0]
    refused = run(lite_app, "keys", "retire", name, newest)
    assert (refused.exit_code, "not among the older keys" in refused.output) == (1, True)
    rotate(lite_app, name)
    early = run(lite_app, "keys", "retire", name, newest)
    assert (early.exit_code, "less than 10 minutes ago" in early.output) == (1, True)
    assert newest in dict(read_key_file(folder / f"{name}.key"))


def test_concurrent_key_changes_are_refused(lite_app: Flask, folder: Path) -> None:
    path = folder / "identity.key"
    before = path.read_bytes()
    with adding_key(path):
        refused = run(lite_app, "keys", "rotate", "identity")
        assert (refused.exit_code, "another process is changing the keys" in refused.output) == (1, True)
        assert path.read_bytes() == before
    assert len(read_key_file(path)) == 2
    with suppress(ZeroDivisionError), adding_key(path):
        raise ZeroDivisionError
    assert len(read_key_file(path)) == 2
    assert not path.with_suffix(".new").exists()
    assert told(lite_app) == []


@pytest.mark.each_database
def test_interrupted_reencryption_continues_at_its_position(
    app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        for _ in range(5):
            factories.person()
        db.session.remove()
    new = rotate(app)
    renew = reencryption.renew
    done: list[object] = []

    def cut(*given: object) -> object:
        if len(done) == 2:
            raise KeyboardInterrupt
        portion = renew(*given, size=2)  # type: ignore[arg-type]
        done.extend([portion] if portion else [])
        return portion

    monkeypatch.setattr(reencryption, "renew", cut)
    run(app, "keys", "reencrypt")
    assert len(sealed(app)) == 2
    monkeypatch.setattr(reencryption, "renew", lambda *given: renew(*given, size=2))
    assert run(app, "keys", "reencrypt").exit_code == 0
    assert sealed(app) == {FORMAT + new}
    assert sum(name == "TextsRenewed" for name, _facts in told(app)) == 3


def test_running_process_reads_texts_of_a_newer_key(app: Flask, folder: Path) -> None:
    before = EncryptedText.ring
    new = rotate(app)
    with app.app_context():
        factories.person(name="Later")
    assert sealed(app) == {FORMAT + new}
    assert EncryptedText.ring is before


@pytest.mark.parametrize("broken", [b"", b"no key\n", None])
def test_running_process_uses_its_keys_when_the_file_is_broken(
    lite_app: Flask, folder: Path, broken: bytes | None
) -> None:
    path, known = folder / "identity.key", EncryptedText.ring.newest
    path.unlink() if broken is None else path.write_bytes(broken)
    assert EncryptedText.ring.newest == known
    with lite_app.app_context():
        person = factories.person(name="Goes on")
        assert identity_people.own_name(person) == "Goes on"


@pytest.mark.each_database
def test_all_identities_are_found_after_index_key_rotation(app: Flask, folder: Path) -> None:
    made = planted(app)
    with app.app_context():
        person = sessions.credentials_by_name(PLANTED[1])[0]  # type: ignore[index]
        with transaction():
            code = second_factor.make_codes(person, CodeKind.RECOVERY, clock.real_now())[0]
            letter = invitations.print_letter(made, clock.real_now())
            secret = db.session.get_one(Invitation, made).token
        before = set(db.session.scalars(select(NameToken.token)))
        db.session.remove()
    rotate(app, "index")
    with app.app_context():
        assert sessions.credentials_by_name(PLANTED[1])[0] == person  # type: ignore[index]
        assert sessions.credentials_by_name("QX 99-18")[0] == person  # type: ignore[index]
        assert invitations_invitations.guest(secret).id == made  # type: ignore[union-attr]
        after = set(db.session.scalars(select(NameToken.token)))
        assert after & before == set()
        assert blind_index.tokens("IQ", PLANTED[0], PLANTED[3]) <= after
        db.session.remove()
    with app.app_context():
        with transaction():
            assert (
                letter_codes.redeem_code(f"x{PLANTED[1]}", letter or "", address="1", real_now=clock.real_now())
                == secret
            )
            opened = sign_in_sessions.open_session(person, shared=False, real_now=clock.real_now(), stage=Stage.HALF)
            half = factors.pending_session(sign_in_sessions.hash_secret(opened), clock.real_now())
            assert half is not None
            assert isinstance(
                second_factor.check_code(half, code, browser=BrowserInfo(), real_now=clock.real_now()), SessionOpened
            )
        db.session.remove()
    assert "IdentitiesIndexed" in dict(told(app))


@pytest.mark.each_database
def test_identity_added_during_index_key_rotation_is_found(
    app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted(app)
    old = KeyRing(read_key_file(folder / "index.key"))
    late: list[UUID] = []

    @contextmanager
    def slowly(path: Path) -> Iterator[object]:
        with adding_key(path) as lines:
            yield lines
        newest = KeyRing(read_key_file(path))
        blind_index.use(old)  # a request that had not found the new key yet
        late.append(factories.person(mail="late@example.org"))
        invited(contact_point(), clock.real_now(), mail="invited@example.org")
        blind_index.use(newest)

    monkeypatch.setattr(keys, "adding_key", slowly)
    rotate(app, "index")
    with app.app_context():
        found = sessions.credentials_by_name("late@example.org")
        assert found is not None
        assert found[0] == late[0]
        assert reindexing.unindexed() == 0


@pytest.mark.each_database
def test_adding_a_person_waits_for_reindexing(app: Flask) -> None:
    order = list[str]()

    def add() -> None:
        with app.app_context():
            factories.person()
            order.append("added")
            db.session.remove()

    with app.app_context():
        writer = Thread(target=add)
        with transaction():
            reindexing.reindex()
            writer.start()
            writer.join(1.0)
            order.append("indexed")
        writer.join()
        db.session.remove()
    assert order == ["indexed", "added"]


@pytest.mark.each_database
def test_index_key_is_not_retired_while_codes_need_it(
    app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), transaction():
        person = factories.person()
        second_factor.make_codes(person, CodeKind.PRINTED, clock.real_now() - timedelta(days=1))
    old = read_key_file(folder / "index.key")[0][0]
    rotate(app, "index")
    some_time_later(folder / "index.key")
    refused = run(app, "keys", "retire", "index", old)
    assert (refused.exit_code, "30 codes of before still open" in refused.output) == (1, True)
    with app.app_context(), transaction():
        second_factor.make_codes(person, CodeKind.PRINTED, clock.real_now())
    assert run(app, "keys", "retire", "index", old).exit_code == 0


@pytest.mark.each_database
def test_audit_key_that_signed_checkpoints_is_not_retired(app: Flask, folder: Path) -> None:
    """The key is needed to verify its checkpoints."""
    path = folder / "audit.key"
    ((signed, secret),) = read_key_file(path)
    with app.app_context(), transaction():
        audit.sign((signed, secret), clock.real_now())
    unused = rotate(app, "audit")
    rotate(app, "audit")
    some_time_later(path)
    refused = run(app, "keys", "retire", "audit", signed)
    assert (refused.exit_code, f"1 checkpoints are signed with {signed}" in refused.output) == (1, True)
    assert signed in dict(read_key_file(path))
    assert run(app, "keys", "retire", "audit", unused).exit_code == 0


@pytest.mark.each_database
def test_interrupted_rotation_is_repaired(app: Flask, folder: Path) -> None:
    planted(app)
    with adding_key(folder / "index.key"):
        pass  # the file has a new key, the rows have not
    faults = run(app, "doctor", "--keys")
    assert (faults.exit_code, "are not found by their mail address" in faults.output) == (1, True)
    assert run(app, "keys", "reindex").exit_code == 0
    assert run(app, "doctor", "--keys").exit_code == 0
    with app.app_context():
        assert sessions.credentials_by_name(PLANTED[1]) is not None


def test_lost_key_is_reported_and_nothing_is_overwritten(app: Flask, folder: Path, tmp_path: Path) -> None:
    made = planted(app)
    path = folder / "identity.key"
    copy = path.read_bytes()
    path.unlink()
    with pytest.raises(SettingError, match="put the copy back"):
        read_key_file(path)
    assert "Made afresh: identity.key." in run(app, "keys").output  # a new key is created by mistake
    before = rows(app)
    with app.app_context():
        reader = factories.person(roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),), mail="b@example.org")
    client = factories.sign_in(app, reader)
    answer = client.get(f"/people/invitations/{made}")
    assert answer.status_code == 503
    assert "Names cannot be read just now" in answer.text
    assert "Traceback" not in answer.text
    assert client.get("/courses").status_code == 200  # what needs no name goes on
    visit = app.test_client()
    sites.post(app, visit, "/sign-in", {"name": PLANTED[1], "password": factories.PASSWORD})
    assert sites.post(app, visit, "/sign-in/second-step", {"code": "123456"}).status_code == 503
    doctor = run(app, "doctor")
    old = copy.decode("ascii").partition(":")[0]
    assert f"under the key {old}, which is not there" in doctor.output
    assert doctor.exit_code == 1
    again = run(app, "keys", "reencrypt")
    assert (again.exit_code, "stay as they are" in again.output) == (1, True)
    assert before <= rows(app)
    path.write_bytes(path.read_bytes() + copy)  # the copy is found: both lines serve
    assert client.get(f"/people/invitations/{made}").status_code == 200
    assert run(app, "keys", "reencrypt").exit_code == 0


def test_missing_key_does_not_make_mails_fail(app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planted(app)
    path = folder / "identity.key"
    copy = path.read_bytes()
    path.unlink()
    make_keys(folder)
    with running() as sink:
        settings = replace(app.extensions["settings"], mail=Mail(host="127.0.0.1", port=sink.port, starttls=False))
        monkeypatch.setitem(app.extensions, "settings", settings)
        with app.app_context():
            for _ in range(MOST_TRIES + 1):
                with pytest.raises(LostKeyError):
                    jobs.send_due()
            mail = db.session.scalars(select(OutgoingMail)).one()
            assert (mail.state, mail.tries, mail.next_try_at) == (MailState.QUEUED, 0, None)
            other = factories.person(mail="readable@example.org")  # under the fresh key
            with transaction():
                now = clock.now()
                messages.mail(other, MailKind.TEST, occasion="test", facts={}, due_at=now, now=now)
            with pytest.raises(LostKeyError):
                jobs.send_due()
            states = dict(db.session.execute(select(OutgoingMail.kind, OutgoingMail.state)).all())
            assert states == {MailKind.INVITATION: MailState.QUEUED, MailKind.TEST: MailState.SENT}
            db.session.remove()
            path.write_bytes(path.read_bytes() + copy)
            assert jobs.send_due() == 1


def test_wrong_key_with_the_right_id_is_reported(app: Flask, folder: Path) -> None:
    planted(app)
    path = folder / "identity.key"
    name = read_key_file(path)[0][0]
    other = folder.parent / "other"
    make_keys(other)
    path.write_text(f"{name}:{(other / 'identity.key').read_text('ascii').partition(':')[2]}", "ascii")
    doctor = run(app, "doctor", "--keys")
    assert f"texts under {name} do not open" in doctor.output
    assert doctor.exit_code == 1


@pytest.mark.each_database
def test_database_without_keys_reveals_no_identity(app: Flask, folder: Path) -> None:
    planted(app)
    with app.app_context():
        stored = "\n".join(rows(app)).casefold()
        file = db.engine.url.database if db.engine.dialect.name == "sqlite" else None
    raw = b"".join(each.read_bytes() for each in Path(file).parent.glob(Path(file).name + "*")) if file else b""
    for value in (*PLANTED, "QX 99-18", "QXSEEDQXSEED", f"x{PLANTED[1]}"):
        assert value.casefold() not in stored
        assert value.encode().lower() not in raw.lower()
    if file:
        assert b"CREATE TABLE identity" in raw  # it is the file that was looked at


def rows(app: Flask) -> set[str]:
    """Return the stored rows of all tables."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            f"{table.name} {tuple(row)!r}"
            for table in db.metadata.sorted_tables
            if table.name not in {"audit_head", "sign_in_session"}
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"'))
        }


def _signed(app: Flask, folder: Path) -> str:
    """Sign a checkpoint with the key of the file, as the job does; return the id of the key."""
    ((signed, secret),) = read_key_file(folder / "audit.key")
    with app.app_context(), transaction():
        audit.sign((signed, secret), clock.real_now())
    assert run(app, "keys").exit_code == 0  # writes the public halves
    return signed


def _trusted(folder: Path) -> dict[str, bytes]:
    return public_keys.trusted(read_keys(folder))


def test_lost_audit_key_is_replaced_and_older_checkpoints_still_verify(app: Flask, folder: Path) -> None:
    path = folder / "audit.key"
    signed = _signed(app, folder)
    path.unlink()
    done = run(app, "keys", "replace-audit", "--reason", "lost")
    assert (done.exit_code, f"replaced: {signed}" in done.output) == (0, True), done.output
    ((new, secret),) = read_key_file(path)
    with app.app_context():
        with transaction():
            audit.sign((new, secret), clock.real_now())
        assert verification.verify(_trusted(folder)).fault is None
        assert verification.verify({new: _trusted(folder)[new]}).fault is not None
        row = db.session.scalars(select(Entry).where(Entry.name == "AuditKeyReplaced")).one()
        assert (signed in row.facts, "lost" in row.facts, new in row.facts) == (True, True, True)
        keys = read_keys(folder)
        assert (public_keys.can_follow(signed, keys), public_keys.can_follow("ffffffff", keys)) == (True, False)


def test_readable_audit_key_is_replaced_with_force_alone(app: Flask, folder: Path) -> None:
    signed = _signed(app, folder)
    before = (folder / "audit.key").read_bytes()
    refused = run(app, "keys", "replace-audit", "--reason", "disclosed")
    assert (refused.exit_code, "can still be read" in refused.output) == (1, True)
    assert (folder / "audit.key").read_bytes() == before
    done = run(app, "keys", "replace-audit", "--reason", "disclosed", "--force")
    assert done.exit_code == 0, done.output
    assert signed not in dict(read_key_file(folder / "audit.key"))
    assert signed in _trusted(folder)


def test_damaged_audit_key_file_needs_force(app: Flask, folder: Path) -> None:
    _signed(app, folder)
    (folder / "audit.key").write_text("nothing", "ascii")
    refused = run(app, "keys", "replace-audit", "--reason", "damaged")
    assert (refused.exit_code, "add --force" in refused.output) == (1, True)
    assert run(app, "keys", "replace-audit", "--reason", "damaged", "--force").exit_code == 0
    assert read_keys(folder)


def test_replacing_the_audit_key_asks_for_a_reason(app: Flask, folder: Path) -> None:
    _signed(app, folder)
    (folder / "audit.key").unlink()
    asked = app.test_cli_runner().invoke(args=["keys", "replace-audit"], input="lost\n")
    assert (asked.exit_code, "Why is it replaced" in asked.output) == (0, True)


def test_unknown_public_key_has_to_be_given(app: Flask, folder: Path) -> None:
    signed = _signed(app, folder)
    public = base64.b64encode(_trusted(folder)[signed]).decode()
    (folder / "audit.key").unlink()
    (folder / "audit.pub").unlink()
    refused = run(app, "keys", "replace-audit", "--reason", "lost")
    assert (refused.exit_code, f"The public key of {signed} is not known" in refused.output) == (1, True)
    wrong = base64.b64encode(bytes(32)).decode()
    assert run(app, "keys", "replace-audit", "--reason", "lost", "--public-key", f"{signed}:{wrong}").exit_code == 1
    assert not (folder / "audit.key").exists()
    done = run(app, "keys", "replace-audit", "--reason", "lost", "--public-key", f"{signed}:{public}")
    assert done.exit_code == 0, done.output
    with app.app_context():
        assert verification.verify(_trusted(folder)).fault is None


@pytest.mark.parametrize("at", ["write_public_keys", "record", "replacing_key"])
def test_replacement_that_was_stopped_can_be_run_again(
    app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    signed = _signed(app, folder)
    (folder / "audit.key").unlink()
    module = public_keys if at == "write_public_keys" else key_replacement

    def stop(*_values: object, **_named: object) -> None:
        raise OSError("stopped")

    with monkeypatch.context() as patch:
        patch.setattr(module, at, stop)
        assert run(app, "keys", "replace-audit", "--reason", "lost").exit_code != 0
    assert not (folder / "audit.key").exists()
    assert run(app, "keys", "replace-audit", "--reason", "lost").exit_code == 0
    with app.app_context():
        assert verification.verify(_trusted(folder)).fault is None
    assert signed in _trusted(folder)


def test_command_runs_where_the_lost_key_stops_the_start(folder: Path, tmp_path: Path) -> None:
    (folder / "audit.key").unlink()
    environment = {
        "SECRETS_PATH": str(folder), "DATABASE_URL": f"sqlite:///{tmp_path / 'site.sqlite'}",
        "FLASK_RUN_FROM_CLI": "true",
    }  # fmt: skip
    with pytest.raises(SettingError, match=r"audit\.key is missing"):
        from_environment(environment)
    assert from_environment(environment, audit_key_lost=True).keys.audit == ()
