"""The files in `deploy/`: each program that reads them accepts them, and they follow the settings of the code."""

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from app.operations.commands.settings import environment_template, settings_table
from config import SETTINGS, from_environment, make_keys
from tests.support.settings import REPOSITORY

DEPLOY = REPOSITORY / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.[st]*"))  # services and the target
COMPOSE = DEPLOY / "container" / "compose.yaml"
CONTAINERFILE = DEPLOY / "container" / "Containerfile"
MANUAL = REPOSITORY / "docs" / "operations.md"
# what a service gives up, of `systemd-analyze security`
HARDENED = (
    "CapabilityBoundingSet=", "MemoryDenyWriteExecute=yes", "NoNewPrivileges=yes", "PrivateDevices=yes",
    "PrivateTmp=yes", "ProcSubset=pid", "ProtectHome=yes", "ProtectSystem=strict", "RestrictNamespaces=yes",
    "SystemCallFilter=@system-service", "UMask=0077", "User=academy",
)  # fmt: skip


def _run(*command: object, **options: object) -> "subprocess.CompletedProcess[str]":
    arguments = [str(argument) for argument in command]
    return subprocess.run(arguments, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload,no-any-return]


def _need(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not on this machine")


def _read_settings() -> dict[str, str]:
    """Return the variables that `config.py` reads, with the default if it is a literal beside them."""
    read: dict[str, str] = {}
    for node in ast.walk(ast.parse((REPOSITORY / "config.py").read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        arguments: list[object] = [
            argument.value if isinstance(argument, ast.Constant) else None for argument in node.args
        ]
        called = ast.unparse(node.func)
        name, *default = arguments if called == "env.get" else arguments[1:] or [None]
        if name is not None and called in {"env.get", "_number", "_yes"}:
            read[str(name)] = str(default[0]) if default and default[0] is not None else read.get(str(name), "")
    return read


def test_each_setting_that_the_code_reads_is_explained_with_its_default() -> None:
    explained = {setting.name: setting.default for setting in SETTINGS}
    read = _read_settings()
    assert sorted(explained) == sorted(read.keys() - {"FLASK_DEBUG"})
    assert {name: explained[name] for name, default in read.items() if default and name in explained} == {
        name: default for name, default in read.items() if default and name in explained
    }


def test_manual_and_environment_template_are_current() -> None:
    cure = "run `flask settings` and `flask settings --environment`"
    assert settings_table(SETTINGS) in MANUAL.read_text("utf-8"), cure
    assert (DEPLOY / "academy.env").read_text("utf-8") == environment_template(SETTINGS), cure


def test_site_starts_with_the_environment_template(tmp_path: Path) -> None:
    make_keys(tmp_path)
    lines = [line.removeprefix("#") for line in environment_template(SETTINGS).splitlines()]
    values = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=.", line))
    read = from_environment(values | {"SECRETS_PATH": str(tmp_path)})
    assert (read.site_url, read.backups.keep, read.metrics.port) == ("http://localhost:8000", (7, 5, 12), 0)


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.name)
def test_service_gives_up_what_it_does_not_need(unit: Path) -> None:
    lines = unit.read_text("utf-8").splitlines()
    assert [line for line in HARDENED if line not in lines] == []


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    _need("systemd-analyze")
    home = tmp_path / "srv"
    flask = home / ".venv" / "bin" / "flask"
    flask.parent.mkdir(parents=True)
    flask.symlink_to(shutil.which("true") or sys.executable)
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text("utf-8").replace("/srv/academy", str(home)))
    web, jobs, metrics = "academy-web@1.service", "academy-jobs.service", "academy-metrics.service"
    checked = _run(
        *("systemd-analyze", "verify", "--man=no", web, jobs, metrics, "academy.target"),
        cwd=tmp_path,
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )
    ours = [line for line in checked.stderr.splitlines() if "academy" in line]
    assert (checked.returncode, ours) == (0, []), checked.stderr


def test_command_for_operators_runs_as_the_units_do(tmp_path: Path) -> None:
    """Program, user, folders and settings are theirs; a `systemd-run` in its place prints what it got."""
    command = tmp_path / "systemd-run"
    command.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    command.chmod(0o755)
    ended = _run(
        *("sh", DEPLOY / "systemd" / "academy-flask", "--owner", "people", "add", "--alias", "Trainer 1"),
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
    )
    arguments = ended.stdout.splitlines()
    unit = (DEPLOY / "systemd" / "academy-jobs.service").read_text("utf-8").splitlines()
    same = ("WorkingDirectory=", "EnvironmentFile=", "StateDirectory", "RuntimeDirectory", "UMask=")
    wanted = {f"--property={line}" for line in unit if line.startswith(same)} | {"--uid=academy", "--gid=academy"}
    assert wanted - set(arguments) == set()
    files = [argument for argument in arguments if "EnvironmentFile" in argument]
    assert files == [f"--property=EnvironmentFile=/etc/academy/{name}.env" for name in ("academy", "owner")]
    assert arguments[-6:] == ["--app", "wsgi", "people", "add", "--alias", "Trainer 1"]


def test_processes_of_containers_run_under_a_role_that_owns_no_table() -> None:
    compose = yaml.safe_load(COMPOSE.read_text("utf-8"))
    roles = (COMPOSE.parent / "roles.sql").read_text("utf-8")
    used = {
        name: service["environment"]["DATABASE_URL"].partition("//")[2].partition("@")[0]
        for name, service in compose["services"].items()
        if service["image"] == "academy"
    }
    assert used == {"web1": "academy", "web2": "academy", "jobs": "academy", "upgrade": "academy_owner"}
    assert {f"CREATE ROLE {role} LOGIN CREATEDB;" in roles for role in used.values()} == {True}
    assert "OWNER academy_owner" in roles
    assert "./roles.sql:/docker-entrypoint-initdb.d/roles.sql:ro" in compose["services"]["database"]["volumes"]


def test_processes_of_containers_that_make_backups_reach_an_object_store() -> None:
    services = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
    assert [services[name].get("networks") for name in ("jobs", "upgrade")] == [["outside"], ["outside"]]
    assert [name for name, service in services.items() if service.get("network_mode") == "none"] == ["database"]


def test_folders_of_containers_belong_to_their_user() -> None:
    """A volume takes the owner of the folder that the image has at its place; without one it belongs to root."""
    compose = yaml.safe_load(COMPOSE.read_text("utf-8"))
    mounted = {volume.partition(":")[2] for volume in compose["x-academy"]["volumes"]} - {"/var/run/postgresql"}
    command = re.search(r"install --directory --owner academy .* --mode 0700 (.*)", CONTAINERFILE.read_text("utf-8"))
    assert command is not None
    assert set(command[1].split()) == mounted


def _write_certificate(folder: Path) -> None:
    _need("openssl")
    files = ("-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem")
    ended = _run(*("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"), *files)
    assert ended.returncode == 0, ended.stderr


def test_nginx_accepts_the_sample(tmp_path: Path) -> None:
    _need("nginx")
    _write_certificate(tmp_path)
    sample = (DEPLOY / "proxy" / "nginx.conf").read_text("utf-8")
    sample = sample.replace("/etc/academy/tls", str(tmp_path)).replace("/var/log/nginx", str(tmp_path))
    whole = f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{ }}\nhttp {{\n{sample}\n}}\n"
    (tmp_path / "nginx.conf").write_text(whole)
    checked = _run("nginx", "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf")
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr


def test_caddy_accepts_the_sample(tmp_path: Path) -> None:
    _need("caddy")
    sample = (DEPLOY / "proxy" / "Caddyfile").read_text("utf-8")
    if re.match(r"v?2\.[0-6]\.", _run("caddy", "version").stdout):  # these call the buffers otherwise
        sample = re.sub(r"request_buffers .*", "buffer_requests", sample)
        sample = re.sub(r"response_buffers .*", "buffer_responses", sample)
    (tmp_path / "Caddyfile").write_text(sample)
    checked = _run(
        *("caddy", "validate", "--adapter", "caddyfile", "--config", tmp_path / "Caddyfile"),
        env=os.environ | {"HOME": str(tmp_path)},
    )
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_proxies_pass_on_as_much_as_the_academy_takes(name: str) -> None:
    """An archive of a course has 100 MiB, which its own pages alone accept."""
    sample = (DEPLOY / "proxy" / name).read_text("utf-8")
    assert {int(size) for size in re.findall(r"(?:client_max_body_size|max_size) (\d+)", sample)} == {21, 101}
    assert "/teaching/" in sample


def test_nginx_asks_a_process_again_at_once_after_its_restart() -> None:
    """A server that counts as failed for seconds, and the other one in its restart: requests got status 502."""
    sample = (DEPLOY / "proxy" / "nginx.conf").read_text("utf-8")
    assert re.findall(r"^ +server 127\.0\.0\.1:(\d+) (.*);", sample, re.M) == [
        ("8001", "max_fails=0"),
        ("8002", "max_fails=0"),
    ]


def test_container_holds_all_that_the_program_needs(tmp_path: Path) -> None:
    """Run the steps of the Containerfile in a clean folder, with the packages that are installed here."""
    home = tmp_path / "srv"
    for line in CONTAINERFILE.read_text("utf-8").splitlines():
        if line.startswith("COPY "):
            source, target = shlex.split(line)[1:]
            _copy(REPOSITORY / source, home / target)
    environment = {
        name: value.replace("/var/lib/academy", str(tmp_path / "data"))
        for name, value in re.findall(r"(\w+_PATH|DATABASE_URL)=(\S+)", CONTAINERFILE.read_text("utf-8"))
    }
    steps = re.findall(r"\.venv/bin/flask (\w.*)", CONTAINERFILE.read_text("utf-8"))
    for step in steps:
        ended = _run_flask(*step.split(), cwd=home, env=os.environ | environment)
        assert ended.returncode == 0, ended.stderr
    compiled = {mo.parent.parent.name for mo in home.glob("app/translations/*/LC_MESSAGES/*.mo")}
    assert compiled == {po.parent.parent.name for po in home.glob("app/translations/*/LC_MESSAGES/*.po")}
    make_keys(Path(environment["SECRETS_PATH"]))
    ended = _run_flask("upgrade", "--check", cwd=home, env=os.environ | environment)
    assert ended.returncode == 0, ended.stderr
    assert "migrations:\n  0001  First tables." in ended.stdout


def _run_flask(*command: str, **options: object) -> "subprocess.CompletedProcess[str]":
    return _run(sys.executable, "-m", "flask", "--app", "wsgi", *command, **options)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():  # with the byte code of these very files, and without catalogues: no clone has any
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.mo"))
    else:
        shutil.copyfile(source, target)


def test_container_installs_the_locked_packages_and_those_of_larger_sites() -> None:
    pin = re.compile(r"^[\w.-]+==\S+", re.M)
    core = set(pin.findall((REPOSITORY / "requirements.txt").read_text("utf-8")))
    image = set(pin.findall((DEPLOY / "container" / "requirements.txt").read_text("utf-8")))
    assert core <= image
    assert {name.partition("==")[0] for name in image - core} == {"psycopg", "psycopg-binary", "obstore"}
