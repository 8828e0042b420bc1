"""Data of the events of single countries, for their stories in the demonstration of 900 officers."""

from collections.abc import Sequence

from app.demo.workshops import subjects
from app.demo.workshops.programme import THREE_DAYS, Fate, Gathering

FULL_MARKS = (11,)  # all points, also with one tenth less
FULL_CAPACITY, WAITING = 16, 9
IRAQ_FIRST, IRAQ_SECOND = -97, -93  # their verifications end together

COUNTRY_EVENTS: Sequence[Gathering] = (
    # Iraq: two workshops in spring, whose verifications end together
    Gathering(
        code="NW-2027-02", subject=subjects.FIRST_CONTACT, countries=("IQ",),
        host="IQ", town="Baghdad", venue="Training house H (fictional)",
        activity="A07", created=-125, first=IRAQ_FIRST, sessions=THREE_DAYS, capacity=24, people=24,
        trainers=("Trainer 1",), assessors=("Assessor 3",), fate=Fate.HELD, skills=FULL_MARKS,
    ),
    Gathering(
        code="NW-2027-03", subject=subjects.FIRST_CONTACT, countries=("IQ",),
        host="IQ", town="Erbil", venue="Training house I (fictional)",
        activity="A07", created=-124, first=IRAQ_SECOND, sessions=THREE_DAYS, capacity=24, people=24,
        trainers=("Trainer 2",), assessors=("Assessor 3",), fate=Fate.HELD, skills=FULL_MARKS,
    ),
    # Bulgaria: a workshop, and a second one that prolongs its verifications
    Gathering(
        code="NW-2027-04", subject=subjects.FIRST_CONTACT, countries=("BG",),
        host="BG", town="Plovdiv", venue="Training house J (fictional)",
        activity="A07", created=-130, first=-91, sessions=THREE_DAYS, capacity=18, people=18,
        trainers=("Trainer 2",), assessors=("Assessor 1",), fate=Fate.HELD, skills=FULL_MARKS,
    ),
    Gathering(
        code="NW-2027-05", subject=subjects.FIRST_CONTACT, countries=("BG",), again=True,
        host="BG", town="Plovdiv", venue="Training house J (fictional)",
        activity="A07", created=-60, first=-20, sessions=THREE_DAYS, capacity=18, people=18,
        trainers=("Trainer 2",), assessors=("Assessor 1",), fate=Fate.HELD, skills=FULL_MARKS,
    ),
    # North Macedonia: above its target, and half of the seats are not used
    Gathering(
        code="NW-2027-06", subject=subjects.FIRST_CONTACT, countries=("MK",),
        host="MK", town="Ohrid", venue="Training house K (fictional)",
        activity="A07", created=-85, first=-44, sessions=THREE_DAYS, capacity=24, people=11,
        trainers=("Trainer 1",), assessors=("Assessor 3",), fate=Fate.HELD, skills=FULL_MARKS,
    ),
    # Bosnia and Herzegovina: a full workshop with a waiting list
    Gathering(
        code="NW-2027-07", subject=subjects.FIRST_CONTACT, countries=("BA",),
        host="BA", town="Sarajevo", venue="Training house L (fictional)",
        activity="A07", created=-25, first=40, sessions=THREE_DAYS, capacity=FULL_CAPACITY,
        people=FULL_CAPACITY + WAITING, trainers=("Trainer 2",), assessors=("Assessor 3",), fate=Fate.ANNOUNCED,
    ),
)  # fmt: skip
