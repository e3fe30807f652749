"""What is kept of a form that could not be sent any more, how much and how long (R-556)."""

import re
from collections.abc import Iterable
from datetime import timedelta

# Over a weekend and a holiday; what nobody has come back to by then was not wanted (security rule 4.6, R15).
KEPT_FOR = timedelta(days=7)
# A session that ran out may still hand in what was typed for so long after its absolute end.
LATE = timedelta(hours=24)
MOST = 5
MOST_FIELDS = 200
LONGEST = 60_000

# Secrets, and what is protected wherever it stands: an address, a number, a code, an account, how to reach somebody.
NEVER = {"password", "current", "new", "again", "code", "otp", "totp", "recovery_code", "secret", "token"}
NEVER |= {"cpr", "cpr_number", "account", "address", "place", "phone", "duty_phone", "email", "code_word"}
# What a woman or somebody for her asks about her own data, and words to be struck out of a dossier.
NEVER |= {"asked_by_note", "asked_for", "words"}
# Said each time anew.
NEVER |= {"consent", "is_read"}
# What belongs to one showing of a page only.
DRAFT_OF = "draft_of"
OF_THE_PAGE = frozenset({"csrf_token", "form_key", "from_page", "kept", "next", DRAFT_OF})
# A choice from a list, a number or an id: nobody has written it.
NOT_WRITTEN = re.compile(r"[a-z0-9_]*|[A-Za-z0-9_-]{22}")

Fields = list[tuple[str, str]]


def may_keep(name: str) -> bool:
    """Whether a field's value may be kept at all. A name may carry its form's prefix before a hyphen."""
    last = name.rpartition("-")[2]
    return last not in NEVER and last not in OF_THE_PAGE


def worth_keeping(sent: Iterable[tuple[str, str]]) -> Fields:
    """The fields to keep; none when nothing was written, or when it is more than any page of ours sends."""
    fields = [(name, value) for name, value in sent if may_keep(name)]
    is_written = any(not NOT_WRITTEN.fullmatch(value) for _name, value in fields)
    size = sum(len(name) + len(value) for name, value in fields)
    return fields if is_written and len(fields) <= MOST_FIELDS and size <= LONGEST else []


def left_out(sent: Iterable[tuple[str, str]]) -> bool:
    """Whether something was typed that is never kept, so that it has to be written again."""
    return any(value and name.rpartition("-")[2] in NEVER for name, value in sent)
