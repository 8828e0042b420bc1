"""Numbers of the list of late work in words: exact, or in bands for countries that have not agreed to exact numbers."""

from collections.abc import Sequence
from typing import assert_never

from flask_babel import gettext as _, ngettext

from app.catalogue.domain.references.plan import Plan
from app.coordination import labels
from app.coordination.domain.late import LateKind, LateOffice
from app.coordination.pages import subjects
from app.coordination.shapes import LateLine
from app.i18n.babel import joined, words
from app.i18n.languages import country_name
from app.plan import labels as plan_labels
from app.plan.domain.bands import band_of
from app.plan.queries.published import band_text


def lead(lines: Sequence[LateLine]) -> str:
    """Return the numbers of what is late, in one sentence for each kind, and which countries the sums leave out."""
    summed = [line for line in lines if line.is_exact]
    counts = {kind: sum(line.count for line in summed if line.kind is kind) for kind in LateKind}
    overdue, stalled = sum(line.counts.overdue for line in summed), sum(line.counts.stalled for line in summed)
    invited, missing, actions = counts[LateKind.INVITATIONS], counts[LateKind.FIGURE], counts[LateKind.ACTION]
    return " ".join([
        ngettext("%(num)s course is overdue.", "%(num)s courses are overdue.", overdue),
        ngettext("%(num)s is stalled.", "%(num)s are stalled.", stalled),
        ngettext("%(num)s is invited, not in yet.", "%(num)s are invited, not in yet.", invited),
        ngettext("%(num)s figure is missing.", "%(num)s figures are missing.", missing),
        ngettext("%(num)s action is overdue.", "%(num)s actions are overdue.", actions),
        *_left_out(lines),
    ])  # fmt: skip


def _left_out(lines: Sequence[LateLine]) -> list[str]:
    countries = plan_labels.in_alphabet({line.country for line in lines if not line.is_exact})
    names = joined([country_name(code) for code in countries])
    return [_("Without exact numbers, and not in the sums: %(countries)s.", countries=names)] if countries else []


def acting(line: LateLine, office: LateOffice, count: int) -> str:
    """Return who acts next on a row, with the number of officers, countries or invitations concerned."""
    return labels.acting(office, line.country, shown(count, is_exact=line.is_exact) if count else "")


def shown(count: int, *, is_exact: bool) -> str:
    """Return a number of officers, or its band."""
    return plan_labels.number(count) if is_exact else band_text(band_of(count, None))


def detail(line: LateLine, plan: Plan) -> str:
    """Return the counts of a row in words."""
    match line.kind:
        case LateKind.FIGURE:
            return _missing(line, subjects.figure(plan, line.cell)[1])
        case LateKind.ACTION:
            return _since(line)
        case LateKind.FALL:
            return _falls(line)
        case LateKind.INVITATIONS | LateKind.LANGUAGE | LateKind.COURSE:
            return _exact(line) if line.is_exact else _in_bands(line)
        case _:
            assert_never(line.kind)


def _exact(line: LateLine) -> str:
    if line.kind is LateKind.INVITATIONS:
        return _invited(line)
    if line.kind is LateKind.COURSE:
        return _course(line)
    return ngettext(
        "%(num)s officer does not read a language of the course.",
        "%(num)s officers do not read a language of the course.",
        line.count,
    )


def _in_bands(line: LateLine) -> str:
    """Return the counts of a country that has not agreed to exact numbers."""
    if line.kind is LateKind.LANGUAGE:
        return _("Officers who do not read a language of the course: %(number)s.", number=_band(line.count))
    if line.kind is LateKind.INVITATIONS:
        return _invited_in_bands(line)
    counts, texts = line.counts, []
    if counts.overdue and line.since is not None:
        texts.append(_("Overdue since %(day)s: %(number)s.", day=words(line.since), number=_band(counts.overdue)))
    if counts.stalled:
        texts.append(_("Stalled: %(number)s.", number=_band(counts.stalled)))
    if counts.waiting:
        texts.append(_("Not started: %(number)s.", number=_band(counts.waiting)))
    return " ".join(texts)


def _invited_in_bands(line: LateLine) -> str:
    text = _("Invited, not in yet: %(number)s.", number=_band(line.count))
    return f"{text} " + _("Mails that came back: %(number)s.", number=_band(line.bounced)) if line.bounced else text


def _band(count: int) -> str:
    return shown(count, is_exact=False)


def _invited(line: LateLine) -> str:
    text = ngettext("%(num)s is invited, not in yet.", "%(num)s are invited, not in yet.", line.count)
    if not line.bounced:
        return text
    return f"{text} " + ngettext("%(num)s mail came back.", "%(num)s mails came back.", line.bounced)


def _course(line: LateLine) -> str:
    counts, texts = line.counts, []
    if counts.overdue and line.since is not None:
        since = words(line.since)
        number = counts.overdue
        texts.append(ngettext("%(num)s overdue since %(day)s.", "%(num)s overdue since %(day)s.", number, day=since))
    if counts.stalled:
        texts.append(ngettext("%(num)s stalled.", "%(num)s stalled.", counts.stalled))
    if counts.waiting:
        texts.append(ngettext("%(num)s not started.", "%(num)s not started.", counts.waiting))
    return " ".join(texts)


def _missing(line: LateLine, quarter: str) -> str:
    if not line.countries and line.count == 1:
        return _("Not reported for %(quarter)s.", quarter=quarter)
    return ngettext(
        "%(num)s country has not reported for %(quarter)s.",
        "%(num)s countries have not reported for %(quarter)s.",
        line.count,
        quarter=quarter,
    )


def _falls(line: LateLine) -> str:
    """Return the number of today and of the coming quarter ends, of all countries together."""
    if line.fall is None:
        return ""
    figures = [
        _("%(n)s on %(day)s", n=plan_labels.number(figure.number or 0), day=words(figure.day))
        for figure in line.fall.ahead
    ]
    today = _("Falls: %(n)s today.", n=plan_labels.number(line.fall.number))
    return f"{today} " + _("If nothing new is proven: %(figures)s.", figures=joined(figures))


def _since(line: LateLine) -> str:
    return _("Overdue since %(day)s.", day=words(line.since)) if line.since is not None else ""
