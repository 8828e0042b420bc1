"""What this room holds about a person."""

from app.db.about import Part
from app.privacy.models import ErasureRequest

# the request to be erased, if there is one
ABOUT: tuple[Part, ...] = (
    Part("erasure", "That you asked to be erased.", ErasureRequest, (ErasureRequest.person_id,)),
)
