"""Enums of people and agencies: state of an account, appearance, mail rhythm, kind of agency."""

from enum import StrEnum


class AgencyKind(StrEnum):
    BORDER = "border"
    POLICE = "police"
    PROSECUTION = "prosecution"
    LABOUR = "labour"
    MIGRATION = "migration"
    OTHER = "other"


class PersonState(StrEnum):
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


class Appearance(StrEnum):
    DEVICE = "device"
    LIGHT = "light"
    DARK = "dark"


class MailRhythm(StrEnum):
    WEEKLY = "weekly"
    NEVER = "never"
