"""What somebody must show before the portal lets her do something: which proof, how fresh, how often she may try."""

from datetime import timedelta

from portal.core.enums import Role
from portal.core.sign_in import CodePurpose, Proof

# Who can let money go, others in, or see who looked: a code can be talked out of somebody, a passkey cannot.
PASSKEY_ROLES = frozenset(
    {
        Role.SAFETY_OFFICER,
        Role.GRANT_OFFICER,
        Role.GRANT_APPROVER,
        Role.GRANT_PAYER,
        Role.DATA_PROTECTION_OFFICER,
        Role.ADMINISTRATOR,
    }
)
SECOND_PROOFS = frozenset({Proof.CODE, Proof.RECOVERY_CODE, Proof.PASSKEY})

# How long a proof lasts for what asks for a fresh one (modifier M10).
STEP_UP = timedelta(minutes=5)
# Between the password and the second proof, and how many second proofs may be tried.
HALF_WAY = timedelta(minutes=10)
TRIES = 5
# A challenge is answered at once or not at all.
CHALLENGE = timedelta(minutes=5)
# One 30-second step of drift to each side.
STEP_SECONDS, DRIFT = 30, 1
# How long a code that was read out by telephone can be used.
CODE_LIFE = {
    CodePurpose.INVITATION: timedelta(hours=72),
    CodePurpose.PASSWORD: timedelta(minutes=60),
    CodePurpose.FACTORS: timedelta(minutes=60),
}
# How long a colleague's wish for a second person waits.
SECOND_PERSON = timedelta(hours=24)


def is_enough(role: Role, proof: Proof) -> bool:
    """Whether this proof lets this role in where a second factor is required (R-430)."""
    return proof is Proof.PASSKEY if role in PASSKEY_ROLES else proof in SECOND_PROOFS


def may_change_factors(proof: Proof, *, has_passkey: bool, has_app: bool) -> bool:
    """Whether a session opened so may add and take away second factors (R-431).

    Whoever has a passkey shows it first: a code that was talked out of her must not bring in another's passkey. A
    recovery code does instead, for the day when the passkey is gone.
    """
    if has_passkey:
        return proof in {Proof.PASSKEY, Proof.RECOVERY_CODE}
    return not has_app or proof in SECOND_PROOFS


def time_step(seconds: float) -> int:
    """The number of the 30-second step that a moment, in seconds since 1970, lies in."""
    return int(seconds) // STEP_SECONDS


def usable_steps(now_step: int, last_step: int) -> tuple[int, ...]:
    """The steps whose codes are taken now: this one and one to each side, and never one that was used (R-432)."""
    return tuple(step for step in range(now_step - DRIFT, now_step + DRIFT + 1) if step > last_step)
