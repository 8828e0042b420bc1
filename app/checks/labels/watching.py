"""Who watched a piece of evidence, in the user's language."""

from collections.abc import Sequence

from flask_babel import gettext as _, ngettext

from app.i18n.babel import joined


def watched_by(aliases: Sequence[str], *, marked_blind: bool) -> str:
    """Return who watched in a sentence, "" without any; a hidden alias ("") is a colleague.

    `marked_blind`: an assessor who is not named marked the work.
    """
    shown = sorted(alias for alias in aliases if alias)
    hidden = len(aliases) - len(shown)
    names = [*shown, *([ngettext("%(num)s colleague", "%(num)s colleagues", hidden)] if hidden else [])]
    sentences = [_("Watched by %(names)s.", names=joined(names))] if names else []
    if marked_blind:
        sentences.append(_("Marked blind by an assessor."))
    return " ".join(sentences)
