"""Seats and queue of an event with open enrolment: first come, first served."""

from enum import StrEnum


class BookingState(StrEnum):
    WAITING = "waiting"
    SEATED = "seated"
    WITHDRAWN = "withdrawn"
