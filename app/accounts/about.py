"""What accounts hold about a person."""

from sqlalchemy import String, cast, func, select

from app.access.policy import Scope
from app.accounts.models import (
    AddressChange,
    AdministratorRequest,
    Agency,
    AnswerAbroad,
    AuthenticatorApp,
    FailedCode,
    GivenUpAlias,
    Identity,
    Invitation,
    KnownBrowser,
    OneTimeCode,
    Passkey,
    Person,
    Posting,
    RefusedAlias,
    RoleGrant,
    SecondHelp,
    SignInSession,
    Supervision,
)
from app.accounts.proposal_models import RoleProposal
from app.db.about import Part

_AGENCY = select(Agency.name).where(Agency.id == Posting.agency_id).scalar_subquery()
# the service all of whose officers a supervisor's role is for
_WHOLE = (
    select(Agency.name)
    .where(RoleGrant.scope == Scope.AGENCY, RoleGrant.reach == func.replace(cast(Agency.id, String), "-", ""))
    .scalar_subquery()
)
# the account, who it is, where they serve, their roles, and how they sign in; never a secret
ABOUT: tuple[Part, ...] = (
    Part("account", "The account and its settings.", Person, (Person.id,), leave=("password_hash", "alias_key")),
    Part(
        "identity",
        "Who you are, as only your contact point sees it.",
        Identity,
        (Identity.person_id,),
        leave=("mail_index", "service_index"),
    ),
    Part(
        "postings",
        "Where you serve and served, both days inclusive.",
        Posting,
        (Posting.person_id,),
        extra={"agency": _AGENCY},
    ),
    Part("roles", "Your roles at the academy.", RoleGrant, (RoleGrant.person_id,), extra={"agency": _WHOLE}),
    Part(
        "supervision",
        "When you were supervised, or supervised somebody: one row for each.",
        Supervision,
        (Supervision.officer_id, Supervision.supervisor_id),
        keep=("since", "until"),
    ),
    Part(
        "sessions",
        "Where you are signed in.",
        SignInSession,
        (SignInSession.person_id,),
        leave=("secret_hash", "former_hash"),
    ),
    Part(
        "known_browsers",
        "When you last signed in with each browser.",
        KnownBrowser,
        (KnownBrowser.person_id,),
        keep=("seen_at",),
    ),
    Part(
        "apps",
        "Apps with codes for your second step.",
        AuthenticatorApp,
        (AuthenticatorApp.person_id,),
        leave=("seed",),
    ),
    Part(
        "passkeys",
        "Your passkeys.",
        Passkey,
        (Passkey.person_id,),
        keep=("id", "made_at", "used_at", "sign_count"),
    ),
    Part(
        "codes",
        "One-time codes, never the codes themselves.",
        OneTimeCode,
        (OneTimeCode.person_id,),
        leave=("code_hash",),
    ),
    Part("wrong_codes", "When a code was wrong.", FailedCode, (FailedCode.person_id,)),
    Part(
        "invitation",
        "The invitation by which you came.",
        Invitation,
        (Invitation.person_id,),
        keep=("country", "role", "posting_roles", "alias", "language", "made_at", "accepted_at", "mails"),
    ),
    Part(
        "invitations_sent",
        "Invitations that you sent; whom they were for is theirs.",
        Invitation,
        (Invitation.invited_by,),
        keep=("country", "role", "made_at", "accepted_at", "withdrawn_at"),
    ),
    Part(
        "answers_abroad",
        "How many addresses of other countries you wanted to invite, within a day.",
        AnswerAbroad,
        (AnswerAbroad.person_id,),
    ),
    Part(
        "aliases_before",
        "Aliases that you gave up, and from when on somebody else may take them.",
        GivenUpAlias,
        (GivenUpAlias.person_id,),
    ),
    Part(
        "aliases_refused",
        "When an alias was refused because somebody is so called.",
        RefusedAlias,
        (RefusedAlias.holder,),
    ),
    Part(
        "address_changes",
        "Other mail addresses that you wanted.",
        AddressChange,
        (AddressChange.person_id,),
        keep=("mail", "old_mail", "ends_at", "begun_at", "old_confirmed_at", "new_confirmed_at", "done_at"),
    ),
    Part(
        "administrator",
        "That you were to become an administrator, or had a say in who becomes one.",
        AdministratorRequest,
        (AdministratorRequest.person_id, AdministratorRequest.asked_by, AdministratorRequest.answered_by),
        keep=("asked_at", "ends_at", "answer", "answered_at"),
    ),
    Part(
        "role_proposals",
        "Roles that were proposed for you, or that you proposed, agreed to or stopped.",
        RoleProposal,
        (RoleProposal.person_id, RoleProposal.proposed_by, RoleProposal.agreed_by, RoleProposal.ended_by),
        keep=("role", "proposed_at", "agreed_at", "outcome", "ended_at"),
    ),
    Part(
        "second_help",
        "That an administrator is to be let back in, you or by you.",
        SecondHelp,
        (SecondHelp.person_id, SecondHelp.asked_by),
        keep=("ends_at",),
    ),
)
