"""View model of `/operations`: state of jobs, mail, database, disk and audit log."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from flask_babel import gettext as _, ngettext

from app.backup.domain import status as backup_rules
from app.backup.domain.status import BackupRun, BackupState, BackupSummary
from app.db.migration_files import TableState
from app.db.server.database_info import Database
from app.i18n.languages import direction
from app.identity.queries import people
from app.kernel.disks import Disk
from app.messages import queries as messages
from app.messages.domain import MailState
from app.messages.queries import OutboxGroup
from app.messages.service import letters
from app.operations.domain import JobLine, JobState
from app.operations.labels.jobs import job_name
from app.operations.labels.values import enum_label
from app.web.pages import Page

SHOWN_MAILS = 12
UNSENT = (MailState.GIVEN_UP, MailState.FAILED, MailState.QUEUED)  # the faults first


@dataclass(frozen=True, slots=True)
class DemoMail:
    """A mail that a live site would have sent; the demonstration shows it instead."""

    alias: str
    language: str
    dir: str
    subject: str
    lines: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """A job as the page shows it; `last_good_at` counts only if `shows_last_good`."""

    name: str
    state: JobState
    error: str
    last_started_at: datetime | None
    shows_last_good: bool
    last_good_at: datetime | None
    next_at: datetime | None
    runs: int
    took_ms: int | None


@dataclass(frozen=True, slots=True)
class MailCounts:
    """Numbers of mails in the outbox by state."""

    queued: int
    sent: int
    failed: int
    given_up: int


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """Mails that are not sent, with the same subject, state and error; the error is in English."""

    subject: str
    state: MailState
    error: str
    count: int
    oldest_at: datetime
    next_try_at: datetime | None


@dataclass(frozen=True, slots=True)
class Fault:
    """What needs attention, and what to do; `section` is the id of the part of the page with more."""

    title: str
    advice: str
    section: str


@dataclass(frozen=True, slots=True)
class DiskRow:
    """A disk and whether it holds only the database."""

    of_database: bool
    disk: Disk


@dataclass(frozen=True, slots=True)
class AuditLogStatus:
    """When the audit log was verified, found damaged and signed; None for never."""

    verified_at: datetime | None
    is_damaged: bool
    earlier_damage_at: datetime | None
    signed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupStatus:
    """The last backup of the schedule, proved before it was encrypted, and the last check by a holder; None for never.

    `is_set_up`: the jobs process makes backups; `failed`: the last attempt, if it failed, with its error in English.
    """

    is_set_up: bool
    state: BackupState
    good: BackupRun | None
    failed: BackupRun | None
    check_state: BackupState
    checked_at: datetime | None
    needs_attention: bool


@dataclass(frozen=True, slots=True)
class MediaStatus:
    """Where large media are, "" for the database, and why they cannot be read, in English; "" if they can.

    `has_other_user`: another copy of the database has used the same place since, or this one was restored.
    """

    path: str
    fault: str
    has_other_user: bool


@dataclass(frozen=True, slots=True)
class ReplicaStatus:
    """Whether there is a read replica, why reports cannot read from it, in English, and whether it is behind now.

    Reports wait for a replica that is behind: that is a fault only if it stays behind for longer than they wait.
    """

    is_set_up: bool
    fault: str = ""
    is_behind: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteState:
    """What the faults of the site are found in."""

    jobs: Sequence[JobLine]
    mails_given_up: int
    is_disk_short: bool
    media: MediaStatus
    replica: ReplicaStatus
    table_state: TableState
    audit_log: AuditLogStatus
    backups: BackupStatus
    has_incident: bool
    is_demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPage(Page):
    """State of jobs, mail, database, disk and audit log."""

    template: ClassVar[str] = "operations/show.html"

    faults: tuple[Fault, ...]
    jobs_with_faults: tuple[JobRow, ...]
    other_jobs: tuple[JobRow, ...]
    mails: MailCounts
    outbox: tuple[OutboxRow, ...]
    has_mail_host: bool
    is_demo: bool
    demo_mails: tuple[DemoMail, ...]
    test_mail: messages.TriedMail | None
    disks: tuple[DiskRow, ...]
    is_disk_short: bool
    media: MediaStatus
    replica: ReplicaStatus
    database: Database
    tables: str
    versions: tuple[str, ...]
    audit_log: AuditLogStatus
    backups: BackupStatus
    failed_sign_ins: int
    failed_sign_ins_by_hour: tuple[tuple[datetime, int], ...]


def faults(site: SiteState) -> tuple[Fault, ...]:
    """Return what needs attention, the most urgent first."""
    damaged = site.audit_log.is_damaged
    checks = (
        (site.has_incident, _("An incident is open"), _("When it is over, end it."), "incident"),
        (damaged, _("The audit log is damaged"), _("Compare it with the signed files elsewhere."), "audit-log"),
        (
            site.is_disk_short,
            _("The disk is nearly full"),
            _("Free some space, or answers can no longer be saved."),
            "machine",
        ),
        (
            site.media.fault != "",
            _("Large media cannot be read"),
            _("Lessons open without their large pictures and recordings."),
            "machine",
        ),
        (
            site.replica.fault != "",
            _("Reports do not read from the replica"),
            _("They read from the primary database until the replica can be read."),
            "machine",
        ),
        (
            site.media.has_other_user,
            _("Another copy of this database has used the large media, or this one was restored"),
            _(
                "Nothing is deleted there. Give every other copy another path, then run on the server: %(command)s",
                command="flask media-claim",
            ),
            "machine",
        ),
        (
            _is_foreign(site.table_state),
            _("The tables are not those of this program"),
            _("Run on the server: %(command)s", command="flask upgrade --check"),
            "machine",
        ),
        (
            site.backups.needs_attention and not site.is_demo,
            _("Backups need attention"),
            _("Without a recent backup that a holder has checked, work can be lost."),
            "backups",
        ),
    )
    rows = [Fault(title, advice, section) for is_fault, title, advice, section in checks if is_fault]
    return (*rows, *_job_faults(site.jobs), *_mail_faults(site.mails_given_up))


def _is_foreign(state: TableState) -> bool:
    return state in {TableState.OLDER, TableState.NEWER}


def _job_faults(lines: Sequence[JobLine]) -> Iterator[Fault]:
    """Yield one fault for all jobs that failed or are late, and for jobs that never ran if none did."""
    bad = [line for line in lines if has_fault(line)]
    if bad:
        title = ngettext("%(num)s job failed or is late", "%(num)s jobs failed or are late", len(bad))
        yield Fault(title, _("Look whether the jobs process runs."), "jobs")
    elif all(line.state is JobState.NEVER for line in lines):
        yield Fault(_("No job has run yet"), _("Start the jobs process."), "jobs")


def _mail_faults(count: int) -> Iterator[Fault]:
    if count:
        title = ngettext("%(num)s mail was given up", "%(num)s mails were given up", count)
        yield Fault(title, _("Look at the reason, then send them again."), "mail")


def has_fault(line: JobLine) -> bool:
    """Return whether a job failed or is late."""
    return line.state in {JobState.FAILED, JobState.LATE}


def mail_counts(groups: Iterable[OutboxGroup]) -> MailCounts:
    """Return the number of mails in each state."""
    counts = Counter[MailState]()
    for group in groups:
        counts[group.state] += group.count
    return MailCounts(
        counts[MailState.QUEUED], counts[MailState.SENT], counts[MailState.FAILED], counts[MailState.GIVEN_UP]
    )


def outbox_rows(groups: Iterable[OutboxGroup]) -> tuple[OutboxRow, ...]:
    """Return the mails that are not sent: one row for all that look alike, those given up first, then failed ones."""
    alike: dict[tuple[str, MailState, str], list[OutboxGroup]] = {}
    for group in groups:
        if group.state is not MailState.SENT:
            alike.setdefault((enum_label(group.kind), group.state, group.error), []).append(group)
    rows = [_outbox_row(subject, same) for (subject, _state, _error), same in alike.items()]
    return tuple(sorted(rows, key=lambda row: (UNSENT.index(row.state), -row.count, row.subject)))


def _outbox_row(subject: str, groups: Sequence[OutboxGroup]) -> OutboxRow:
    """Return the row of groups of mails with the same subject, state and error."""
    return OutboxRow(
        subject=subject,
        state=groups[0].state,
        error=groups[0].error,
        count=sum(group.count for group in groups),
        oldest_at=min(group.oldest_at for group in groups),
        next_try_at=min((group.next_try_at for group in groups if group.next_try_at), default=None),
    )


def job_rows(lines: Iterable[JobLine], *, with_fault: bool) -> tuple[JobRow, ...]:
    """Return the rows of the jobs with a fault, or of the others."""
    return tuple(_job_row(line) for line in lines if has_fault(line) is with_fault)


def _job_row(line: JobLine) -> JobRow:
    run = line.run
    return JobRow(
        name=job_name(line.planned.name),
        state=line.state,
        error=run.error if run else "",
        last_started_at=run.last_started_at if run else None,
        shows_last_good=run is not None and line.state is not JobState.GOOD,
        last_good_at=run.last_good_at if run else None,
        next_at=line.next_at,
        runs=run.runs if run else 0,
        took_ms=run.took_ms if run else None,
    )


def backup_status(summary: BackupSummary, every: timedelta, real_now: datetime, *, is_set_up: bool) -> BackupStatus:
    """Return the state of the backups; `every` is the time between two of them."""
    last, good, check = summary.last, summary.good, summary.check
    state = backup_rules.backup_state(summary, every, real_now)
    check_state = backup_rules.check_state(check, real_now)
    return BackupStatus(
        is_set_up=is_set_up,
        state=state,
        good=good,
        failed=last if last and last.error else None,
        check_state=check_state,
        checked_at=check.at if check else None,
        needs_attention=not {state, check_state} <= {BackupState.GOOD},
    )


def demo_mails() -> tuple[DemoMail, ...]:
    """Return the last mails that the demonstration did not send."""
    sent = messages.last_sent(SHOWN_MAILS)
    addressees = people.addressees({mail.recipient_id for mail in sent if mail.recipient_id})
    rows = []
    for mail in sent:
        addressee = addressees.get(mail.recipient_id) if mail.recipient_id else None
        if addressee is None or mail.sent_at is None:
            continue
        letter = letters.letter(mail.kind, mail.facts, addressee.language)
        dir_ = direction(addressee.language)
        rows.append(DemoMail(addressee.alias, addressee.language, dir_, letter.subject, letter.lines, mail.sent_at))
    return tuple(rows)
