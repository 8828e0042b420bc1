"""End all sessions when an account is closed (`PersonDeactivated`).

Only then: handlers run at the end of the transaction and would end a session that was opened in it. A new role or
password therefore ends sessions where it is saved.
"""

from app.identity.events import PersonDeactivated
from app.sign_in.service import sessions


def on_person_deactivated(event: PersonDeactivated) -> None:
    """End all sessions of a closed account."""
    sessions.end_all(event.person_id)
