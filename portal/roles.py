"""The two roles on the database: one owns the tables and migrates, the other is the portal and owns nothing (R-511).

Roles belong to the whole server. They are made once: by `prepare` on an engine of our own, by an operator with what
`portal db roles` prints on any other server.
"""

from dataclasses import dataclass

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from portal import embedded_postgres

OWNER = "bro_owner"
APPLICATION = "bro_app"

MAKE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{OWNER}') THEN CREATE ROLE {OWNER} LOGIN; END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{APPLICATION}') THEN CREATE ROLE {APPLICATION} LOGIN; END IF;
END $$;
"""  # noqa: S608  both names are constants
# Everything in the schema to the owner: also what was made before there were two roles.
HAND_OVER = f"""
DO $$ DECLARE found record; BEGIN
    EXECUTE format('ALTER DATABASE %I OWNER TO {OWNER}', current_database());
    ALTER SCHEMA public OWNER TO {OWNER};
    FOR found IN SELECT c.oid::regclass AS name FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        AND c.relowner <> '{OWNER}'::regrole LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO {OWNER}', found.name);
    END LOOP;
    FOR found IN SELECT p.oid::regprocedure AS name FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace AND p.proowner <> '{OWNER}'::regrole
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO {OWNER}', found.name);
    END LOOP;
END $$;
"""  # noqa: S608
POWERS = """
SELECT r.rolsuper OR r.rolbypassrls OR EXISTS (
    SELECT 1 FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    AND pg_has_role(r.oid, c.relowner, 'MEMBER'))
FROM pg_roles r WHERE r.rolname = current_user
"""


class TooPowerful(RuntimeError):
    """The role that the portal connects as could look over the second wall."""

    def __init__(self) -> None:
        super().__init__(
            "DATABASE_URL names a role that owns the tables, is a superuser or has BYPASSRLS: the database would show "
            f"it every case. Name {APPLICATION} in DATABASE_URL and {OWNER} in DATABASE_OWNER_URL; "
            "`portal db roles` prints how the two are made."
        )


@dataclass(frozen=True, slots=True)
class Addresses:
    """One database, as the portal and as the owner of its tables."""

    application: str
    owner: str


def prepare(server: str, name: str) -> Addresses:
    """Make the database `name` with its two roles, where they are missing. `server` is a superuser's address."""
    with psycopg.connect(_plain(server), autocommit=True) as connection:
        # Roles are the server's: processes that start at once wait here, whichever database they are for.
        connection.execute("SELECT pg_advisory_lock(hashtext('bro roles'))")
        connection.execute(MAKE)
        database = embedded_postgres.create_database(server, name)
        with psycopg.connect(_plain(database)) as inside:
            inside.execute(HAND_OVER)
    return addresses(database)


def addresses(database: str) -> Addresses:
    """The addresses of both roles on a database whose server asks for no passwords."""
    url = make_url(database)
    return Addresses(*(url.set(username=role).render_as_string(hide_password=False) for role in (APPLICATION, OWNER)))


def script(name: str) -> str:
    """What an administrator of a server runs once, in psql."""
    database = sql.Identifier(name).as_string()
    return (
        f"{MAKE.strip()}\n\\password {OWNER}\n\\password {APPLICATION}\n"
        f"CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8';\n\\connect {database}\n{HAND_OVER.strip()}"
    )


def check(url: str) -> None:
    """Raise TooPowerful when the role of this address could look over the wall. A server that is away says nothing."""
    try:
        with psycopg.connect(_plain(url), connect_timeout=5) as connection:
            row = connection.execute(POWERS).fetchone()
    except psycopg.OperationalError:
        return
    if row is not None and row[0]:
        raise TooPowerful


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
