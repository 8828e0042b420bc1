"""The erasure request of a person, for the archive of own data."""

from app.db.personal_data import PersonalDataTable
from app.privacy.models import ErasureRequest

# the request to be erased, if there is one
PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable("erasure", "That you asked to be erased.", ErasureRequest, (ErasureRequest.person_id,)),
)
