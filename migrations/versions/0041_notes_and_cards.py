"""Each way in which she may be reached has its own answers, beside the card of safe contact."""

import sqlalchemy as sa
from alembic import op

revision = "0041_notes_and_cards"
down_revision = "0040_work_list"
branch_labels = None
depends_on = None

# Seen when the card is seen: the card's own policy answers.
OF_CARD = "EXISTS (SELECT 1 FROM safe_contact_card parent WHERE parent.id = card_id)"
CHANNELS = "('sms', 'phone', 'email', 'letter', 'only_contact_person')"
HOURS = "(from_hour IS NULL) = (to_hour IS NULL) AND from_hour < to_hour"
MOVED = ("channel", "days", "from_hour", "to_hour", "may_leave_voicemail", "may_say_who_calls")
# Who may answer was not asked: whoever may be told who calls may answer.
CARRIED = """
INSERT INTO safe_contact_way
    (card_id, channel, days, from_hour, to_hour, may_answer, may_leave_voicemail, may_say_who_calls,
        verified_at)
SELECT id, channel, days, from_hour, to_hour,
    CASE WHEN may_say_who_calls THEN 'anybody' ELSE 'herself' END, may_leave_voicemail, may_say_who_calls,
    verified_at
FROM safe_contact_card WHERE days IN ('any', 'weekdays')
"""
# A card of several ways keeps the first of them, and one of none says so: never more than she has said.
CARRIED_BACK = """
UPDATE safe_contact_card card SET channel = way.channel, days = way.days, from_hour = way.from_hour,
    to_hour = way.to_hour, may_leave_voicemail = way.may_leave_voicemail, may_say_who_calls = way.may_say_who_calls
FROM (
    SELECT DISTINCT ON (card_id) * FROM safe_contact_way
    ORDER BY card_id, array_position(ARRAY['sms', 'phone', 'email', 'letter', 'only_contact_person'], channel)
) way
WHERE way.card_id = card.id
"""


def upgrade() -> None:
    op.execute("SELECT set_config('bro.scope', 'system', true)")
    op.create_table(
        "safe_contact_way",
        sa.Column("card_id", sa.BigInteger(), sa.ForeignKey("safe_contact_card.id"), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("days", sa.Text(), nullable=False),
        sa.Column("from_hour", sa.SmallInteger()),
        sa.Column("to_hour", sa.SmallInteger()),
        sa.Column("may_answer", sa.Text(), nullable=False),
        sa.Column("may_leave_voicemail", sa.Boolean(), nullable=False),
        sa.Column("may_say_who_calls", sa.Boolean(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("card_id", "channel", name=op.f("pk_safe_contact_way")),
        sa.CheckConstraint(f"channel IN {CHANNELS}", name="channel_known"),
        sa.CheckConstraint("may_answer IN ('herself', 'named', 'anybody')", name="may_answer_known"),
        sa.CheckConstraint("days IN ('any', 'weekdays')", name="days_known"),
        sa.CheckConstraint(HOURS, name="hours_in_order"),
    )
    op.execute(CARRIED)
    op.drop_constraint(op.f("ck_safe_contact_card_channel_known"), "safe_contact_card")
    for column in MOVED:
        op.drop_column("safe_contact_card", column)
    _wall("safe_contact_way", OF_CARD, "SELECT, INSERT, DELETE")


def downgrade() -> None:
    op.execute("SELECT set_config('bro.scope', 'system', true)")
    _put_back()
    op.execute(CARRIED_BACK)
    for column in ("channel", "days", "may_leave_voicemail", "may_say_who_calls"):
        op.alter_column("safe_contact_card", column, server_default=None)
    op.create_check_constraint("channel_known", "safe_contact_card", f"channel IN {CHANNELS}")
    op.drop_table("safe_contact_way")


def _put_back() -> None:
    texts, answers = (("channel", "only_contact_person"), ("days", "none")), MOVED[4:]
    for name, default in texts:
        op.add_column("safe_contact_card", sa.Column(name, sa.Text(), server_default=default, nullable=False))
    for name in ("from_hour", "to_hour"):
        op.add_column("safe_contact_card", sa.Column(name, sa.SmallInteger()))
    for name in answers:
        op.add_column("safe_contact_card", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))


def _wall(table: str, rule: str, rights: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY system ON {table} USING (bro_is_system())")
    op.execute(f"CREATE POLICY reads ON {table} FOR SELECT TO bro_app USING ({rule})")
    op.execute(f"CREATE POLICY writes ON {table} FOR INSERT TO bro_app WITH CHECK ({rule})")
    op.execute(f"CREATE POLICY changes ON {table} FOR UPDATE TO bro_app USING ({rule})")
    op.execute(f"CREATE POLICY removes ON {table} FOR DELETE TO bro_app USING (bro_is_system())")
    op.execute(f"GRANT {rights} ON {table} TO bro_app")
