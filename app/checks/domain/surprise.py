"""Rules of the surprise sample: states of a drawn officer, size of a draw.

Source: capacity measure, section 6.
"""

from enum import StrEnum

SAMPLE, FEWEST = 50, 20


class PickState(StrEnum):
    DRAWN = "drawn"
    SEATED = "seated"
    CHECKED = "checked"
    EXCUSED = "excused"  # left the service, or is exempt; with a reason
    MISSED = "missed"  # the quarter ended without a check
