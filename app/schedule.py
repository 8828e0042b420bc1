"""The list of all jobs with their periods, and the scheduler that runs them in one process (`flask jobs`)."""

import logging
import os
import signal
import socket
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from app.audit import jobs as audit
from app.backup import jobs as backup
from app.checks.jobs import marking, sittings, surprise
from app.competence import jobs as competence
from app.coordination import jobs as coordination
from app.db.session import transaction
from app.directory import jobs as directory
from app.home import jobs as home
from app.intake import jobs as intake
from app.kernel import clock, context
from app.learning import jobs as learning
from app.messages import jobs as messages
from app.operations import jobs as operations
from app.operations.domain import Planned
from app.operations.service import job_runs
from app.plan import jobs as plan
from app.quizzes import jobs as quizzes
from app.reports import jobs as reports
from app.scenarios import jobs as scenarios
from app.studio import jobs as studio
from app.web.settings import settings
from app.workshops import jobs as workshops
from config import Mode

log = logging.getLogger("academy")
AT_ONCE = 4
TICK = 0.2  # seconds
SET_BACK = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Job:
    """A job: its function, its periods (live and demonstration), and the life of its lease if its process dies."""

    name: str
    work: Callable[[], object]
    every: timedelta
    in_demo: timedelta | None = None
    lease: timedelta = timedelta(minutes=2)

    def period(self, mode: Mode) -> timedelta:
        """Return how often the job runs in this mode."""
        return self.in_demo if mode is Mode.DEMO and self.in_demo else self.every


JOBS = (
    Job("hand in at end of time", quizzes.hand_in_due, timedelta(minutes=1), in_demo=timedelta(seconds=15)),
    Job("grade again after corrected keys", quizzes.regrade, timedelta(minutes=5), lease=timedelta(minutes=30)),
    Job("send mail", messages.send_due, timedelta(minutes=1), in_demo=timedelta(seconds=5)),
    Job("answer who asks for a link", directory.answer_asked, timedelta(seconds=20), in_demo=timedelta(seconds=5)),
    Job("carry out proposed roles", directory.carry_out_proposals, timedelta(minutes=10)),
    Job("queue the mail of the week", home.send_week, timedelta(hours=1)),
    Job("queue the mails of near dates", home.send_near, timedelta(hours=1), lease=timedelta(minutes=10)),
    Job("sum up what officers can do", competence.sum_up, timedelta(hours=6), lease=timedelta(minutes=30)),
    Job("carry out a changed framework", competence.carry_out, timedelta(minutes=1), lease=timedelta(hours=1)),
    Job("remind of what ends", competence.remind, timedelta(hours=6)),
    Job("record results of desk tasks", marking.record_results, timedelta(minutes=5), in_demo=timedelta(seconds=15)),
    Job("remind assessors of desk tasks", marking.remind_assessors, timedelta(days=1)),
    Job("end reminders", coordination.end_reminders, timedelta(hours=1), lease=timedelta(minutes=10)),
    Job("notify of due courses", coordination.notify_due, timedelta(hours=1), lease=timedelta(minutes=10)),
    Job("count what is due in the plan", plan.count_due, timedelta(minutes=1), lease=timedelta(hours=1)),
    Job(
        "make reports",
        reports.make_reports,
        timedelta(minutes=1),
        in_demo=timedelta(seconds=5),
        lease=timedelta(minutes=10),
    ),
    Job("request scheduled reports", reports.request_scheduled, timedelta(hours=1)),
    Job("delete old reports", reports.delete_expired, timedelta(days=1)),
    Job("close sittings left open", sittings.close_left_open, timedelta(hours=1), lease=timedelta(minutes=30)),
    Job("draw surprise checks", surprise.draw_surprise_checks, timedelta(hours=6), lease=timedelta(minutes=30)),
    Job("recalculate completion", learning.recalculate_due, timedelta(minutes=1), lease=timedelta(hours=1)),
    Job("check what must hold", plan.check_nightly, timedelta(days=1), lease=timedelta(hours=4)),
    Job("derive the times of events", workshops.derive_times, timedelta(days=1)),
    Job("give on the seats of who left", workshops.free_seats, timedelta(days=1)),
    Job("settle offers of seats", workshops.settle_offers, timedelta(hours=1), lease=timedelta(minutes=10)),
    Job("evaluate events", workshops.run_evaluations, timedelta(minutes=10), in_demo=timedelta(minutes=1)),
    Job("follow up events", workshops.run_follow_ups, timedelta(hours=6), lease=timedelta(minutes=30)),
    Job("delete answers of past nominees", workshops.delete_answers, timedelta(days=1)),
    Job("delete needs and travel of past events", workshops.delete_preparations, timedelta(days=1)),
    Job("delete files of events", workshops.delete_documents, timedelta(days=1)),
    Job("remind of open attendance", workshops.remind_attendance, timedelta(hours=1), in_demo=timedelta(seconds=15)),
    Job("delete signed lists of national sessions", workshops.delete_signed_lists, timedelta(days=1)),
    Job("let go who leaves", directory.close_departed_accounts, timedelta(hours=1), lease=timedelta(minutes=30)),
    Job("forget who left long ago", directory.delete_identities, timedelta(days=1), lease=timedelta(minutes=30)),
    Job("reduce old tests to results", quizzes.reduce_old, timedelta(days=1), lease=timedelta(hours=1)),
    Job("reduce old cases to results", scenarios.reduce_old, timedelta(days=1), lease=timedelta(hours=1)),
    Job("forget old practice", quizzes.delete_practice, timedelta(days=1), lease=timedelta(hours=1)),
    Job("delete old visits to lessons", learning.delete_expired, timedelta(days=1), lease=timedelta(hours=1)),
    Job("make smaller videos", studio.make_video_variants, timedelta(minutes=1), lease=timedelta(hours=2)),
    Job("move media out of the database", studio.move_media, timedelta(minutes=10), lease=timedelta(hours=2)),
    Job("delete old files of drafts", studio.delete_unused, timedelta(days=1), lease=timedelta(hours=1)),
    Job("count flagged questions", studio.count_flags, timedelta(days=1), lease=timedelta(hours=1)),
    Job("end completions on their day", learning.end_completions, timedelta(hours=1), lease=timedelta(hours=1)),
    Job("delete old save counts", quizzes.delete_counts, timedelta(days=1)),
    Job("forget old notices and mails", messages.delete_expired, timedelta(days=1), lease=timedelta(hours=1)),
    Job("forget ended sessions", directory.delete_expired_rows, timedelta(hours=1)),
    Job("forget checked sheets", intake.delete_expired, timedelta(hours=1)),
    Job("delete checked sheets of values", plan.delete_expired, timedelta(hours=1)),
    Job("sign the trail", audit.sign, timedelta(hours=1)),
    Job("back up the site", backup.back_up, timedelta(minutes=5), lease=timedelta(hours=1)),
    Job("load the starter courses", operations.load_starter, timedelta(minutes=1), lease=timedelta(minutes=30)),
    Job("verify the trail", audit.verify, timedelta(days=1), lease=timedelta(hours=1)),
)


def planned(mode: Mode) -> tuple[Planned, ...]:
    """Return the jobs as the operations page shows them."""
    return tuple(Planned(job.name, job.period(mode)) for job in JOBS)


def run_forever(app: Flask) -> None:
    """Run the jobs until SIGTERM or Ctrl+C, then wait until the running ones have ended."""
    # missed runs are repeated once; a process never runs a job twice at the same time
    rules = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler_log = logging.getLogger("apscheduler")
    scheduler_log.handlers, scheduler_log.propagate = log.handlers, False
    scheduler_log.setLevel(logging.ERROR)  # below: that a job takes longer than its interval
    # not BlockingScheduler: it swallows exceptions that a signal raises while it submits work
    scheduler = BackgroundScheduler(
        timezone="UTC", executors={"default": ThreadPoolExecutor(AT_ONCE)}, job_defaults=rules
    )
    holder = f"{socket.gethostname()}:{os.getpid()}"
    for job in JOBS:
        seconds = job.period(settings(app).mode).total_seconds()
        scheduler.add_job(
            run, "interval", (app, job, holder), seconds=seconds, next_run_time=clock.machine_now(), name=job.name
        )
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stopped.append(number))
    scheduler.start()
    try:
        _wait(scheduler, stopped)
    except KeyboardInterrupt:
        pass
    finally:
        scheduler.shutdown(wait=True)


def _wait(scheduler: BackgroundScheduler, stopped: Sequence[int]) -> None:
    """Wait for a signal. After the clock was set back, start all jobs: they would wait for their old times."""
    before = clock.machine_now()
    while not stopped:
        time.sleep(TICK)
        now = clock.machine_now()
        if now < before - SET_BACK:
            for job in scheduler.get_jobs():
                job.modify(next_run_time=now)
        before = now


def run(app: Flask, job: Job, holder: str) -> bool:
    """Run a job under its lease and record the result; False if another process has the lease, or on an error."""
    context.request_id.set(f"job-{os.urandom(4).hex()}")
    try:
        with app.app_context():
            return _run(job, holder)
    except Exception as error:
        log.error("job not noted", extra={"job": job.name, "kind": type(error).__name__})  # noqa: TRY400
        return False


def _run(job: Job, holder: str) -> bool:
    started, steady = clock.real_now(), time.monotonic()
    with transaction():
        if not job_runs.take_lease(job.name, holder, started + job.lease, started):
            return False
        job_runs.record_start(job.name, started)
    error = _work(job)
    took = int((time.monotonic() - steady) * 1000)
    with transaction():
        job_runs.record_end(job.name, clock.real_now(), took_ms=took, error=error)
        job_runs.release_lease(job.name, holder)
    return True


def _work(job: Job) -> str:
    try:
        job.work()
    except Exception as error:
        # the position in the code, never the message: it may contain personal data
        frame = traceback.extract_tb(error.__traceback__)[-1]
        position = f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
        log.error("job failed", extra={"job": job.name, "kind": type(error).__name__, "place": position})  # noqa: TRY400
        return f"{type(error).__name__} at {position}"
    return ""
