"""Tables of certificates with personal data, for the archive of a person (`privacy.service.archive`)."""

from app.credentials.models import Certificate
from app.db.personal_data import PersonalDataTable

PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable(
        "certificates",
        "Your certificates, and those that you revoked.",
        Certificate,
        (Certificate.person_id, Certificate.ended_by),
        leave=("status_index", "sensitivity"),
        texts=frozenset({"facts"}),
    ),
)
