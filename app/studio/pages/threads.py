"""Remarks with their answers, by alias, and what the user may do with them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import url_for

from app.identity.queries import people
from app.studio.queries.remarks import RemarkThread
from app.studio.queries.reviews import RemarkLine


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkView:
    """A remark or an answer."""

    alias: str
    at: datetime
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadView:
    """A remark with its answers; `resolve_href` is "" for who may not resolve it, `resolved_by` while it is open."""

    id: UUID
    remark: RemarkView
    answers: Sequence[RemarkView]
    resolved_by: str
    answer_href: str
    resolve_href: str
    reply_href: str
    is_answering: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadContext:
    """The review on whose page the threads are, the aliases of their people, and the remark that is answered now.

    `may_resolve` returns whether the user may resolve a remark of an author, or open it again.
    """

    review_id: UUID
    path: str
    aliases: Mapping[UUID, str]
    answering: UUID | None
    may_resolve: Callable[[UUID], bool]


def aliases_of(threads: Sequence[RemarkThread]) -> Mapping[UUID, str]:
    """Return the aliases of all people who wrote or resolved these remarks."""
    lines = [line for thread in threads for line in (thread.remark, *thread.answers)]
    resolvers = [line.resolved_by for line in lines if line.resolved_by]
    return people.names({*(line.author_id for line in lines), *resolvers})


def thread_view(thread: RemarkThread, context: ThreadContext) -> ThreadView:
    """Return a thread for the page of a review."""
    remark = thread.remark
    review_id = context.review_id
    resolve_href = url_for("studio.resolve_remark", review_id=review_id, remark_id=remark.id)
    return ThreadView(
        id=remark.id,
        remark=_remark(remark, context.aliases),
        answers=[_remark(answer, context.aliases) for answer in thread.answers],
        resolved_by=context.aliases.get(remark.resolved_by, "-") if remark.resolved_by else "",
        answer_href=url_for("studio.answer_remark", review_id=review_id, remark_id=remark.id),
        resolve_href=resolve_href if context.may_resolve(remark.author_id) else "",
        reply_href=url_for(
            "studio.show_review", review_id=review_id, file=context.path, answer=remark.id, _anchor="answer"
        ),
        is_answering=remark.id == context.answering,
    )


def _remark(line: RemarkLine, aliases: Mapping[UUID, str]) -> RemarkView:
    return RemarkView(alias=aliases.get(line.author_id, ""), at=line.written_at, body=line.body)
