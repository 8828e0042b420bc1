"""Save new definitions of indicators when a plan file is loaded; a stored version never changes."""

from datetime import datetime

import msgspec

from app.catalogue.domain.references.plan import Indicator
from app.catalogue.queries import courses as catalogue
from app.db.session import db, record
from app.kernel.errors import DomainError
from app.plan.domain import definitions
from app.plan.domain.definitions import StoredDefinition
from app.plan.domain.rules import rule_of
from app.plan.events import DefinitionsLoaded
from app.plan.models import Definition
from app.plan.queries import figures


def load_definitions(number: int, now: datetime) -> tuple[str, ...]:
    """Save the definitions of the newest plan that are new, and return their codes.

    Raises DomainError for a definition that changed without a new version: figures of the past would change.
    """
    plan = catalogue.plan()
    stored = {(defined.code, defined.version): defined for defined in figures.definitions()}
    new = [
        indicator
        for indicator in (plan.indicator if plan else ())
        if _is_new(indicator, stored.get((indicator.id, indicator.definition_version)))
    ]
    for indicator in new:
        body = msgspec.json.encode(msgspec.structs.replace(indicator, targets=())).decode()
        db.session.add(
            Definition(
                code=indicator.id,
                version=indicator.definition_version,
                valid_from=indicator.valid_from,
                rule=indicator.rule,
                fingerprint=definitions.fingerprint(indicator),
                body=body,
                due=rule_of(indicator) is not None,
                loaded_at=now,
            )
        )
    db.session.flush()
    codes = tuple(sorted(indicator.id for indicator in new))
    if codes:
        record(DefinitionsLoaded(at=now, reference=number, codes=codes))
    return codes


def _is_new(indicator: Indicator, stored: StoredDefinition | None) -> bool:
    if stored is None:
        return True
    if stored.indicator.fixed != indicator.fixed:
        raise DomainError(
            "The rule, settings, unit or first day of %(code)s changed: give it a new definition_version.",
            code=indicator.id,
        )
    return False
