"""Keys change while people read and write, and while the process that changes them is killed (R-404)."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.db import db
from portal.jobs import vault
from portal.models.cases import Case, Note
from portal.models.clients import Client
from portal.models.keys import StoredDataKey, StoredOrganisationKey
from portal.models.users import User
from portal.services import reseal
from tests.factories.people import make_case, make_member
from tests.support.sizes import size
from tests.support.told import TEST_KEY
from tests.vault.marks import NOW

MOST_SECONDS = 900
SECONDS, WRITERS, READERS, KILLS = size(6, 60), size(4, 50), size(2, 5), size(2, 5)


class Crowd:
    """Readers and writers, each with connections of its own, and what went wrong for them."""

    def __init__(self, url: str, cases: list[tuple[int, int, int]]) -> None:
        # Nobody waits for ever, here as in the portal.
        patience = {"options": "-c lock_timeout=60s -c statement_timeout=60s"}
        self.engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args=patience)
        self.cases = cases
        self.stop = threading.Event()
        self.failures: list[str] = []
        self.read = self.written = 0
        work = [self._write] * WRITERS + [self._read] * READERS
        self.threads = [threading.Thread(target=self._keep, args=(one, number)) for number, one in enumerate(work)]

    def _keep(self, work: object, number: int) -> None:
        while not self.stop.is_set():
            try:
                with Session(self.engine) as session:
                    work(session, number)  # type: ignore[operator]
            except Exception as problem:
                self.failures.append(f"{type(problem).__name__}: {problem}"[:300])

    def _write(self, session: Session, number: int) -> None:
        case_id, author_id, organisation_id = self.cases[number % len(self.cases)]
        text = f"note af {number}"
        note = Note(
            case_id=case_id,
            author_id=author_id,
            organisation_id=organisation_id,
            happened_at=NOW,
            written_at=NOW,
            text=text,
        )
        session.add(note)
        session.flush()
        time.sleep(0.01)
        session.commit()
        self.written += 1

    def _read(self, session: Session, number: int) -> None:
        names = session.scalars(sa.select(Client.name)).all() + session.scalars(sa.select(User.name)).all()
        notes = session.scalars(sa.select(Note.text).order_by(Note.id.desc()).limit(200)).all()
        assert all(names)
        assert all(text and text.startswith("note") for text in notes)
        self.read += len(notes) + len(names)


def rotate(app: Flask, *given: str) -> subprocess.Popen[str]:
    """Start a process that changes keys; returns when it has begun."""
    environment = os.environ | {
        "PORTAL_ENV": "test",
        "BRO_KEYS": TEST_KEY,
        "SECRET_KEY": "test" * 10,
        "PORTAL_VAR": app.config["PORTAL_VAR"],
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
    }
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "tests.vault.rotating", *given]
    process = subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


@pytest.mark.server
@pytest.mark.soak
def test_nobody_notices_that_the_keys_change(app: Flask, committed: Session) -> None:
    cases = [make_case(make_member(now=NOW), now=NOW, name="Amira Karim") for _ in range(4)]
    committed.commit()
    found = committed.execute(sa.select(Case.id, Case.opened_by_id, Case.owner_organisation_id, Case.public_id)).all()
    before = set(committed.scalars(sa.select(StoredOrganisationKey.id)))
    crowd = Crowd(app.config["SQLALCHEMY_DATABASE_URI"], [(row[0], row[1], row[2]) for row in found])
    committed.rollback()
    for thread in crowd.threads:
        thread.start()
    try:
        time.sleep(1)
        begun = time.monotonic()
        for _kill in range(KILLS):
            process = rotate(app, "begin", *(row.public_id for row in found))
            time.sleep(0.05)
            process.kill()
            process.communicate(timeout=MOST_SECONDS)
        process = rotate(app, "go-on")
        process.communicate(timeout=MOST_SECONDS)
        assert process.returncode == 0
        time.sleep(max(0, SECONDS - (time.monotonic() - begun)))
    finally:
        crowd.stop.set()
        for thread in crowd.threads:
            thread.join(MOST_SECONDS)
        crowd.engine.dispose()
    # What writers held while the process ended is done by the next run, as it is every night.
    vault.rewrap()
    vault.reseal_all()
    assert crowd.failures == []
    assert crowd.written > 20
    assert crowd.read > 100
    assert reseal.count_left() == {}
    assert set(db.session.scalars(sa.select(StoredOrganisationKey.id))) & before == set()
    for model in (StoredDataKey, StoredOrganisationKey):
        retired = sa.select(sa.func.count()).select_from(model).where(model.retired_at.is_not(None))
        assert db.session.scalar(retired) == 0
    texts = db.session.scalars(sa.select(Note.text)).all()
    assert len(texts) == crowd.written
    assert all(texts)
    assert cases
