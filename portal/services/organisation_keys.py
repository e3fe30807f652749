"""What becomes of keys when an organisation leaves: those of its cases go along, its own is destroyed at the end."""

from datetime import datetime

import sqlalchemy as sa

from portal.core.errors import NotNow
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.db import db
from portal.models import indexes, key_store
from portal.models.cases import Case
from portal.models.clients import Client
from portal.models.key_store import AROUND, DATA
from portal.models.keys import ErasureProof
from portal.models.organisations import Organisation
from portal.services.client_indexes import write_indexes
from portal.services.shredding import scope_of_client

BASIS = "the organisation has left"


def rekey_case(case: Case) -> None:
    """Let everything about a case that has a new owner be sealed anew under that owner's key.

    Her former keys are retired: what is written from now on has new ones, the night's work seals the rest anew, and
    the new owner finds her by its own indexes.
    """
    client = db.session.get_one(Client, case.client_id)
    scope = scope_of_client(client)
    ours = sa.select(AROUND.c.id).where(AROUND.c.organisation_id == case.owner_organisation_id)
    db.session.connection().execute(
        sa.update(DATA)
        .where(
            DATA.c.kind.in_(scope.kinds),
            DATA.c.owner.in_(scope.owners),
            DATA.c.retired_at.is_(None),
            DATA.c.organisation_key_id.not_in(ours),
        )
        .values(retired_at=sa.func.now())
    )
    key_store.memo(db.session()).clear()
    write_indexes(client, case.owner_organisation_id)
    db.session.flush()


def destroy(organisation: Organisation, *, now: datetime) -> int:
    """Destroy the key of an organisation that has left and all that it wraps. Returns how many keys went.

    The caller has asked two persons. Raises NotNow while something that has gone to others is still sealed under it.
    """
    connection = db.session.connection()
    theirs = sa.select(AROUND.c.id).where(AROUND.c.organisation_id == organisation.id)
    waits = sa.exists().where(DATA.c.organisation_key_id.in_(theirs), DATA.c.retired_at.is_not(None))
    if connection.execute(sa.select(waits)).scalar():
        raise NotNow(_("Some of what went to others is still being sealed anew. Try again tomorrow."))
    keys = connection.execute(sa.delete(DATA).where(DATA.c.organisation_key_id.in_(theirs))).rowcount
    keys += connection.execute(sa.delete(AROUND).where(AROUND.c.organisation_id == organisation.id)).rowcount
    key_store.memo(db.session()).clear()
    db.session.add(
        ErasureProof(
            public_id=new_public_id(),
            subject_hash=indexes.subject_hash(organisation.public_id),
            basis=BASIS,
            keys_destroyed=keys,
            indexes_removed=0,
            values_unreadable=0,
            erased_at=now,
        )
    )
    db.session.flush()
    # What this session has read before must not be shown after.
    db.session.expire_all()
    return keys
