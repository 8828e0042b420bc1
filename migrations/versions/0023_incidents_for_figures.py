"""All incidents, for the figures of the plan; words of the search index with their trigrams."""

import json
import re
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0021"
branch_labels = None
depends_on = None

WORDS = {"native_enum": False, "create_constraint": True, "length": 32}
# and, with, like, so, for + the article, then the article alone
ARTICLES = tuple(
    "\u0648\u0627\u0644 \u0628\u0627\u0644 \u0643\u0627\u0644 \u0641\u0627\u0644 \u0644\u0644 \u0627\u0644".split()
)
REASONS = ("stolen_password", "lost_device", "leak", "misuse", "drill")


def upgrade():
    op.create_table(
        "past_incident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Enum(*REASONS, name="incidentreason", **WORDS), nullable=False),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= begun_at", name=op.f("ck_past_incident_ends_after_it_begins")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_incident")),
    )
    op.create_index(op.f("ix_past_incident_begun_at"), "past_incident", ["begun_at"])
    _copy_from_audit_log()
    op.create_table(
        "search_term",
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_term")),
    )
    op.create_table(
        "search_gram",
        sa.Column("gram", sa.String(length=3), nullable=False),
        sa.Column("length", sa.SmallInteger(), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("gram", "length", "word", name=op.f("pk_search_gram")),
    )
    _index_words()


def downgrade():
    op.drop_table("search_gram")
    op.drop_table("search_term")
    op.drop_table("past_incident")


def _index_words():
    """Add words without Arabic articles to the blocks, codes and towns to events, and all words to the tables."""
    block, words = _block(), set()
    bind = op.get_bind()
    towns = _towns(bind)
    for row in bind.execute(sa.select(block)).all():
        facts = towns.get(row.ref, ()) if row.kind == "workshop" else ()
        new = [fact for fact in facts if fact not in row.text.split("\n")]
        text = "\n".join([row.text, *new])
        folded = row.folded.split() + re.findall(r"\w+", " ".join(new).casefold())
        folded += [_bare(word) for word in folded if _bare(word) not in folded]
        words.update(folded)
        if (text, " ".join(folded)) != (row.text, row.folded):
            changed = {"text": text, "folded": " ".join(folded)}
            bind.execute(sa.update(block).where(block.c.id == row.id).values(changed))
    wanted = sorted(word for word in words if _can_be_corrected(word))
    if wanted:
        op.bulk_insert(sa.table("search_term", sa.column("word")), [{"word": word} for word in wanted])
        grams = sa.table("search_gram", *map(sa.column, ("gram", "length", "word")))
        op.bulk_insert(
            grams,
            [
                {"gram": gram, "length": len(word), "word": word}
                for word in wanted
                for gram in sorted(_trigrams(word))
            ],
        )


def _block():
    names = ("id", "kind", "ref", "text", "folded")
    return sa.table("search_block", *(sa.column(name, sa.BigInteger() if name == "id" else sa.Text()) for name in names))


def _towns(bind):
    """Return the code and the town of each event, by its id as blocks name it."""
    workshop = sa.table("workshop", sa.column("id", sa.Uuid()), sa.column("code"), sa.column("town"))
    rows = bind.execute(sa.select(workshop.c.id, workshop.c.code, workshop.c.town))
    return {str(row.id): [text for text in (row.code, row.town) if text] for row in rows}


def _copy_from_audit_log():
    """Write the incidents that the audit log names, each with the end that follows its beginning."""
    columns = [sa.column("id"), sa.column("name"), sa.column("facts"), sa.column("at", sa.DateTime())]
    entry = sa.table("audit_entry", *columns)
    query = sa.select(entry.c.name, entry.c.at, entry.c.facts).where(
        entry.c.name.in_(["IncidentBegun", "IncidentEnded"])
    )
    rows = []
    for name, at, facts in op.get_bind().execute(query.order_by(entry.c.id)):
        if name == "IncidentBegun":
            rows.append({"id": uuid4(), "reason": json.loads(facts)["reason"], "begun_at": at, "ended_at": None})
        elif rows and rows[-1]["ended_at"] is None:
            rows[-1]["ended_at"] = at
    if rows:
        names = ("id", "reason", "begun_at", "ended_at")
        kinds = (sa.Uuid(), sa.String(), sa.DateTime(), sa.DateTime())
        op.bulk_insert(sa.table("past_incident", *map(sa.column, names, kinds)), rows)


def _bare(word):
    for article in ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= 3:
            return word[len(article) :]
    return word


def _can_be_corrected(word):
    return 4 <= len(word) <= 40 and not any(sign.isdigit() for sign in word)


def _trigrams(word):
    padded = f"  {word} "
    return {padded[start : start + 3] for start in range(len(padded) - 2)}
