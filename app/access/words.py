"""The roles, actions and tests of the policy in the words of the people they are about."""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.access import policy
from app.access.identities import Part, Viewer
from app.access.policy import Action, Role, Test

ROLES: Mapping[Role, LazyString] = {
    Role.PRACTITIONER: _("Officer"),
    Role.SUPERVISOR: _("Supervisor"),
    Role.CONTACT_POINT: _("Contact point"),
    Role.TRAINER: _("Trainer"),
    Role.ASSESSOR: _("Assessor"),
    Role.INVIGILATOR: _("Invigilator"),
    Role.HOST: _("Host"),
    Role.COORDINATOR: _("Coordinator"),
    Role.CO_CHAIR: _("Co-chair"),
    Role.ADMINISTRATOR: _("Administrator"),
}
REACHES: Mapping[Role, LazyString] = {
    Role.PRACTITIONER: _("For oneself."),
    Role.SUPERVISOR: _("For the officers assigned or of the own agency, by name."),
    Role.CONTACT_POINT: _("For the own country, by name."),
    Role.TRAINER: _("For the own courses and events, by alias."),
    Role.ASSESSOR: _("For the own events, by alias."),
    Role.INVIGILATOR: _("For the own events, by alias."),
    Role.HOST: _("For the own events, by alias."),
    Role.COORDINATOR: _("For all countries: figures and record numbers."),
    Role.CO_CHAIR: _("For all countries: figures."),
    Role.ADMINISTRATOR: _("For the running of the site: technical ids."),
}
# what each action lets one do
ACTIONS: Mapping[Action, LazyString] = {
    Action.LEARN: _("See the list of courses and the own way through them."),
    Action.SEE_LEARNING: _("See which courses an officer began and did, and the seats in workshops."),
    Action.SUGGEST_COURSE: _("Suggest a course to an officer, and take it back."),
    Action.ANSWER_SUGGESTION: _("Set aside a course that was suggested to oneself."),
    Action.READ_COURSE: _("Read a course and its lessons."),
    Action.SIT_TEST: _("Answer, submit and review a test."),
    Action.PLAY_CASE: _("Decide in a case and review it."),
    Action.SEE_OWN_RECORD: _("See the own record of what was finished."),
    Action.SEE_OWN_NOTICES: _("Read the own notices."),
    Action.SEARCH: _("Search in what one may read."),
    Action.CHANGE_OWN_SETTINGS: _("Change the own settings, password and devices."),
    Action.SIGN_OUT: _("Sign out."),
    Action.SEE_OPERATIONS: _("See jobs, mail and health of the site."),
    Action.SEE_OWN_PATH: _("See what the own role needs and what one can do."),
    Action.SEE_OWN_COUNTRY: _("See what waits for a decision in the own country, and its seats."),
    Action.CLAIM_SKILL: _("Ask that an earlier skill be counted."),
    Action.SEE_OFFICERS: _("See the officers of the own country with what they need and hold."),
    Action.DECIDE_CLAIM: _("Decide whether an earlier skill of an officer counts."),
    Action.SEE_SUPERVISED: _("See the officers supervised: name, courses done, competencies and their dates."),
    Action.NAME_NEED: _("Ask an officer for a competency by name."),
    Action.SEE_WORKSHOPS: _("See the list of workshops."),
    Action.READ_WORKSHOP: _("Read what a workshop is about."),
    Action.BOOK_SEAT: _("Book a seat, or wait for one."),
    Action.WITHDRAW_BOOKING: _("Give an own seat or place in the queue back."),
    Action.TEACH: _("See the own courses and workshops as a trainer."),
    Action.MAKE_WORKSHOP: _("Write a new workshop."),
    Action.CLEAR_WORKSHOP: _("Look at a workshop as the second person, before it is announced."),
    Action.RUN_WORKSHOP: _("Run a workshop: seats, people by alias, attendance."),
    Action.ASSESS: _("Score what officers show in a workshop, by alias."),
    Action.SEE_PLAN: _("See the plan, its outcomes and indicators."),
    Action.SEE_COUNTRY: _("See the figures of a country."),
    Action.SEE_ROWS: _("See the records behind a figure: numbers, or aliases of the own country."),
    Action.ENTER_FIGURE: _("Enter a figure by hand."),
    Action.DECIDE_FIGURE: _("Approve a figure that somebody else entered."),
    Action.WRITE_NOTE: _("Write a note on an outcome or output."),
    Action.SEE_CHECKS: _("See what the nightly checks found."),
    Action.SEE_TRAIL: _("Read the audit log: who did what. Contact points: of the own country."),
    Action.EXPORT_TRAIL: _("Export the audit log. Contact points: of the own country."),
    Action.SEE_PEOPLE: _("See the list of people: of the own country, of staff, or of all by id."),
    Action.FIND_PERSON: _("Find a person of the own country by name, e-mail or service number."),
    Action.SET_COUNTRY: _("Set the agencies, the second factor and the help of the own country."),
    Action.SEE_PERSON: _("See a person: contact points by name, others by alias."),
    Action.SEE_ROLES: _("See the roles of a person."),
    Action.GIVE_ROLE: _("Assign a role that is lower than the own one."),
    Action.END_ROLE: _("End a role that one may give."),
    Action.CONFIRM_ADMINISTRATOR: _("Agree to another administrator, as the second one."),
    Action.LET_BACK_IN: _("Restore access for people who lost password or second factor."),
    Action.CLOSE_ACCOUNT: _("Close the account of somebody who may not come back in."),
    Action.ASSIGN_SUPERVISOR: _("Say who supervises an officer, and end it."),
    Action.SEE_LOOKS: _("See who viewed an officer of the own country."),
    Action.SEE_OWN_DATA: _("See who viewed the own record, export all own data, ask for erasure."),
    Action.CHANGE_SERVICE: _("Say where an officer serves, that one leaves, or is under threat."),
    Action.SET_UP_SITE: _("Set the site up: name, languages, mail, first courses."),
    Action.RUN_INCIDENT: _("End all sessions and disable exports during a security incident."),
    Action.BRING_IN: _("Bring in people from a sheet."),
    Action.EXPORT_OFFICERS: _("Take the officers of the own country along as a sheet."),
    Action.ANSWER_EXPORT: _("Agree, as the second person, that many officers leave as a sheet."),
    Action.INVITE: _("Invite a person to an account."),
    Action.SEE_INVITATION: _("See an own invitation, send it again, print its letter."),
}
# in which order and under which titles actions are shown: by the part of their names before the colon
SUBJECTS: Sequence[tuple[LazyString, Sequence[str]]] = (
    (_("Courses, tests and cases"), ("learning", "catalogue", "quizzes", "scenarios")),
    (_("One's own pages"), ("home", "messages", "search", "privacy")),
    (_("Competence"), ("competence",)),
    (_("Workshops"), ("workshops",)),
    (_("The plan and its figures"), ("plan",)),
    (_("People, accounts and roles"), ("accounts", "intake")),
    (_("Running the site"), ("operations", "audit")),
)
# what each test of the policy asks
TESTS: Mapping[Test, LazyString] = {
    policy.anybody: _("whoever is signed in"),
    policy.practitioner: _("an officer of a member country"),
    policy.administrator: _("an administrator"),
    policy.unrestricted: _("open material"),
    policy.for_practitioners: _("material for officers"),
    policy.own: _("own alone"),
    policy.coordinator: _("a coordinator of the joint secretariat"),
    policy.co_chair: _("a co-chair"),
    policy.contact_point: _("the contact point of a country"),
    policy.supervisor: _("a supervisor"),
    policy.trainer: _("a trainer"),
    policy.assessor: _("an assessor"),
    policy.same_country: _("own country"),
    policy.leads_it: _("where one is the trainer"),
    policy.assesses_it: _("where one is the assessor"),
    policy.supervises_it: _("officers whom one supervises"),
}
# as what somebody looks at an officer, and the parts that are seen (safeguarding, section 3)
VIEWERS: Mapping[Viewer, LazyString] = {
    Viewer.SELF: _("The officer"),
    Viewer.PEER: _("Another officer"),
    Viewer.PARTICIPANT: _("Person in the same event"),
    Viewer.SUPERVISOR: _("The supervisor"),
    Viewer.CONTACT_POINT: _("The national contact point"),
    Viewer.TRAINER: _("A trainer or assessor"),
    Viewer.COORDINATOR: _("A coordinator of the joint secretariat"),
    Viewer.CO_CHAIR: _("A co-chair"),
    Viewer.ADMINISTRATOR: _("An administrator of the site"),
    Viewer.PUBLIC: _("The public"),
}
PARTS: Mapping[Part, LazyString] = {
    Part.ALIAS: _("alias"),
    Part.ROLE: _("role"),
    Part.COUNTRY: _("country"),
    Part.NAME: _("name"),
    Part.STANDING: _("courses done and competencies"),
    Part.WORK: _("work to be marked"),
    Part.FIGURES: _("figures"),
    Part.ID: _("technical id"),
}
