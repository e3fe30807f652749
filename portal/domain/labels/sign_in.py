"""Words for the ways of proving who one is."""

from portal.core.i18n import _
from portal.core.sign_in import Browser, Ceremony, CodePurpose, FactorKind, Proof
from portal.domain.labels.words import Words

WORDS: Words = (
    (Proof.PASSWORD, _("password")),
    (Proof.CODE, _("password and code")),
    (Proof.RECOVERY_CODE, _("password and recovery code")),
    (Proof.PASSKEY, _("passkey")),
    (FactorKind.TOTP, _("Code app")),
    (FactorKind.PASSKEY, _("Passkey")),
    (CodePurpose.INVITATION, _("Invitation")),
    (CodePurpose.PASSWORD, _("New password")),
    (CodePurpose.FACTORS, _("Lost passkey or code app")),
    (Ceremony.REGISTER, _("set up a passkey")),
    (Ceremony.SIGN_IN, _("sign in with a passkey")),
    (Ceremony.STEP_UP, _("confirm with a passkey")),
    (Browser.CHROME, _("Chrome")),
    (Browser.EDGE, _("Edge")),
    (Browser.FIREFOX, _("Firefox")),
    (Browser.SAFARI, _("Safari")),
    (Browser.OTHER, _("another browser")),
)
