"""Tables of sign-in with personal data, for the archive of a person (`privacy.service.archive`); no secrets."""

from app.db.personal_data import PersonalDataTable
from app.sign_in.models import AuthenticatorApp, FailedCode, KnownBrowser, OneTimeCode, Passkey, SignInSession

PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable(
        "sessions",
        "Where you are signed in.",
        SignInSession,
        (SignInSession.person_id,),
        leave=("secret_hash", "former_hash"),
    ),
    PersonalDataTable(
        "known_browsers",
        "When you last signed in with each browser.",
        KnownBrowser,
        (KnownBrowser.person_id,),
        keep=("seen_at",),
    ),
    PersonalDataTable(
        "apps",
        "Apps with codes for your second step.",
        AuthenticatorApp,
        (AuthenticatorApp.person_id,),
        leave=("seed",),
    ),
    PersonalDataTable(
        "passkeys",
        "Your passkeys.",
        Passkey,
        (Passkey.person_id,),
        keep=("id", "made_at", "used_at", "sign_count"),
    ),
    PersonalDataTable(
        "codes",
        "One-time codes, never the codes themselves.",
        OneTimeCode,
        (OneTimeCode.person_id,),
        leave=("code_hash",),
    ),
    PersonalDataTable("wrong_codes", "When a code was wrong.", FailedCode, (FailedCode.person_id,)),
)
