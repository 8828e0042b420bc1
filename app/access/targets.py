"""Names of the pages that notices, mails and search results link to, not stored; `app/addresses.py` has their paths."""

from enum import Enum, auto


class Target(Enum):
    """A page that a notice, a mail or a search result leads to."""

    ACCESS_TABLE = auto()
    ADDRESS_CHANGE = auto()
    ATTEMPT_RESULT = auto()
    BOUNCED_INVITATIONS = auto()
    COMPETENCY = auto()
    COURSE = auto()
    COURSE_LATER = auto()
    COURSE_QUESTIONS = auto()
    INVITATION = auto()
    INVITATION_ACCEPTANCE = auto()
    INVITATION_CODE = auto()
    INVITATIONS = auto()
    LESSON = auto()
    LESSON_REPORT = auto()
    MAIL_SETTINGS = auto()
    NEW_ACTION = auto()
    PASSWORD_RESET = auto()
    PATH = auto()
    PEOPLE = auto()
    PEOPLE_SHEET = auto()
    PERSON_ACCESS = auto()
    PERSON_ROLES = auto()
    PERSON_SERVICE = auto()
    REMINDER = auto()
    REMINDERS_SENT = auto()
    REPORT = auto()
    REVIEW = auto()
    ROLE_PROPOSAL = auto()
    SETTINGS = auto()
    TEACHING_COURSE = auto()
    TEACHING_COURSES = auto()
    TEACHING_WORKSHOP = auto()
    TREATIES = auto()
    WELCOME = auto()
    WORKSHOP = auto()
