"""Which edition of the rule book decides: a fingerprint of the tables of access, written into every audit line."""

import hashlib
import json
from functools import cache

from portal.domain.disclosure_table import CELLS
from portal.domain.permissions import ROLE_PERMISSIONS


@cache
def edition() -> str:
    """Twelve signs that change whenever a cell or a role's permission changes."""
    roles = {role.value: sorted(permissions) for role, permissions in ROLE_PERMISSIONS.items()}
    book = json.dumps([CELLS, roles], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(book.encode()).hexdigest()[:12]
