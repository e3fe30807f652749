"""The key store, the function that hands out a sealed value with its keys, and indexes per organisation."""

import sqlalchemy as sa
from alembic import op

revision = "0006_vault"
down_revision = "0005_reveals"
branch_labels = None
depends_on = None

# Hands out a sealed value together with its row and its wrapped keys, so that it can be opened without a further
# statement. Nothing when the key is gone. Envelopes of version 1 name no key and come as they are.
FUNCTIONS = """
CREATE FUNCTION vault_key_id(envelope bytea) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN substring(envelope for 1) = '\\x02'
        THEN ('x' || encode(substring(envelope from 2 for 8), 'hex'))::bit(64)::bigint END
$$;
CREATE FUNCTION vault_open(row_id text, envelope bytea) RETURNS bytea LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    carried bytea;
BEGIN
    IF envelope IS NULL OR substring(envelope for 1) <> '\\x02' THEN
        RETURN envelope;
    END IF;
    SELECT '\\x02'::bytea || convert_to(rpad(coalesce(row_id, ''), 22), 'UTF8')
        || int8send(coalesce(o.organisation_id, 0)) || int8send(o.id) || int2send(o.root)
        || o.wrapped || d.wrapped || envelope
    INTO carried
    FROM data_key d JOIN organisation_key o ON o.id = d.organisation_key_id
    WHERE d.id = vault_key_id(envelope);
    RETURN carried;
END $$;
"""
HAS_KEYS = """
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM data_key) THEN
        RAISE EXCEPTION 'values are sealed with keys of the key store: without it they could never be read again';
    END IF;
END $$;
"""


def upgrade() -> None:
    op.create_table(
        "erasure_proof",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("subject_hash", sa.LargeBinary(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("keys_destroyed", sa.Integer(), nullable=False),
        sa.Column("indexes_removed", sa.Integer(), nullable=False),
        sa.Column("values_unreadable", sa.Integer(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_proof")),
        sa.UniqueConstraint("public_id", name=op.f("uq_erasure_proof_public_id")),
    )
    op.create_index(op.f("ix_erasure_proof_subject_hash"), "erasure_proof", ["subject_hash"], unique=False)
    op.create_table(
        "organisation_key",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("root", sa.SmallInteger(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_key")),
    )
    op.create_index(
        "uq_organisation_key_current",
        "organisation_key",
        [sa.literal_column("coalesce(organisation_id, 0)")],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_table(
        "data_key",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("organisation_key_id", sa.BigInteger(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('subject', 'location', 'case', 'organisation', 'index')", name=op.f("ck_data_key_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_key_id"],
            ["organisation_key.id"],
            name=op.f("fk_data_key_organisation_key_id_organisation_key"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_key")),
    )
    op.create_index("ix_data_key_organisation_key_id", "data_key", ["organisation_key_id"], unique=False)
    op.create_index(
        "uq_data_key_current",
        "data_key",
        ["kind", "owner"],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.add_column("audit_entry", sa.Column("public_id", sa.String(length=22), nullable=True))
    op.add_column("client", sa.Column("index_organisation_id", sa.BigInteger(), nullable=True))
    op.add_column("client", sa.Column("phone_index", sa.LargeBinary(), nullable=True))
    op.create_index(op.f("ix_client_phone_index"), "client", ["phone_index"], unique=False)
    for column in ("phone_cross_index", "cpr_cross_index"):
        op.add_column("client", sa.Column(column, sa.LargeBinary(), nullable=True))
        op.create_index(op.f(f"ix_client_{column}"), "client", [column], unique=False)
    op.create_foreign_key(
        op.f("fk_client_index_organisation_id_organisation"),
        "client",
        "organisation",
        ["index_organisation_id"],
        ["id"],
    )
    op.execute(FUNCTIONS)


def downgrade() -> None:
    op.execute(HAS_KEYS)
    op.execute("DROP FUNCTION vault_open(text, bytea)")
    op.execute("DROP FUNCTION vault_key_id(bytea)")
    op.drop_constraint(op.f("fk_client_index_organisation_id_organisation"), "client", type_="foreignkey")
    for column in ("phone_cross_index", "cpr_cross_index"):
        op.drop_index(op.f(f"ix_client_{column}"), table_name="client")
        op.drop_column("client", column)
    op.drop_index(op.f("ix_client_phone_index"), table_name="client")
    op.drop_column("client", "phone_index")
    op.drop_column("client", "index_organisation_id")
    op.drop_column("audit_entry", "public_id")
    op.drop_index("uq_data_key_current", table_name="data_key", postgresql_where=sa.text("retired_at IS NULL"))
    op.drop_index("ix_data_key_organisation_key_id", table_name="data_key")
    op.drop_table("data_key")
    op.drop_index(
        "uq_organisation_key_current", table_name="organisation_key", postgresql_where=sa.text("retired_at IS NULL")
    )
    op.drop_table("organisation_key")
    op.drop_index(op.f("ix_erasure_proof_subject_hash"), table_name="erasure_proof")
    op.drop_table("erasure_proof")
