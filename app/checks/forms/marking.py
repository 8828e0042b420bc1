"""Forms of assessors: comment to the officer and request for a second assessor; scores have their own fields."""

import re
from collections.abc import Collection, Mapping
from uuid import UUID

from flask_babel import gettext, lazy_gettext as _
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length, Optional

from app.catalogue.domain.items import Level
from app.checks.domain.marking import HIGHEST
from app.checks.domain.products import COMMENT_LIMIT
from app.checks.service.marking import NewScores
from app.i18n.languages import NAMES
from app.kernel.invisible_characters import without_unseen
from app.web.forms import Form

_SCORES = {str(score): score for score in range(HIGHEST + 1)}
_RUBRIC = re.compile(r"([A-Z]{2,6}-[0-9]{2})\.([a-z]{4,20})")
_LEVELS = {str(level): level for level in Level}


class MarkingForm(Form):
    """The comment to the officer, and whether a second assessor is asked for."""

    comment = TextAreaField(
        _("Comment to the officer"),
        [Optional(), Length(max=COMMENT_LIMIT, message=_("Enter at most 1,000 characters."))],
        filters=[without_unseen],
    )
    second = BooleanField(_("Ask for a second assessor"))

    def needs_comment(self) -> bool:
        """Add an error if there is no comment to add to the bank, and return whether that is so."""
        if (self.comment.data or "").strip():
            return False
        self.comment.errors = [gettext("Write the comment that you add.")]
        return True

    def new_scores(self, scores: Mapping[str, int]) -> NewScores:
        """Return what the assessor wrote, with scores by criterion."""
        return NewScores(scores, (self.comment.data or "").strip(), bool(self.second.data))


def scores(sent: Mapping[str, str], criteria: Collection[str]) -> dict[str, int]:
    """Return the scores of a form by criterion; criteria without a score from 0 to 3 are left out."""
    values = {criterion: _SCORES.get(sent.get(f"score-{criterion}", "")) for criterion in criteria}
    return {criterion: score for criterion, score in values.items() if score is not None}


def chosen_rubric(sent: Mapping[str, str]) -> tuple[str, Level] | None:
    """Return competency and level of the chosen rubric, or None for all; unknown values are ignored."""
    match = _RUBRIC.fullmatch(sent.get("rubric", ""))
    if match is None or match[2] not in _LEVELS:
        return None
    return match[1], _LEVELS[match[2]]


def chosen_language(sent: Mapping[str, str]) -> str:
    """Return the code of the chosen language, or "" for all; unknown values are ignored."""
    code = sent.get("language", "")
    return code if code in NAMES else ""


def inserted(sent: Mapping[str, str]) -> UUID | None:
    """Return the comment of the bank that is to be inserted, or None."""
    try:
        return UUID(sent.get("insert", ""))
    except ValueError:
        return None
