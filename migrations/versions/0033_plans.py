"""How big a problem each area is, her stay plan in versions, and what is known of the municipality's own plan."""

import sqlalchemy as sa
from alembic import op

revision = "0033_plans"
down_revision = "0032_clocks"
branch_labels = None
depends_on = None

AREAS = "'health', 'safety', 'daily_activities', 'network', 'finances', 'housing', 'work'"
CASE = "case_id IN (SELECT bro_cases())"
PLAN = "EXISTS (SELECT 1 FROM stay_plan parent WHERE parent.id = stay_plan_id)"
DRAFT = "EXISTS (SELECT 1 FROM stay_plan parent WHERE parent.id = stay_plan_id AND parent.state = 'draft')"
SYSTEM = "bro_is_system()"
# Table → who reads a row, writes one, changes one and takes one away: what was rated is only added to, and a version
# that has been replaced, or the goals of one that is agreed, are changed by nobody.
WALL = {
    "need_rating": (CASE, CASE, SYSTEM, SYSTEM),
    "stay_plan": (CASE, CASE, f"{CASE} AND state <> 'replaced'", SYSTEM),
    "stay_plan_goal": (PLAN, DRAFT, SYSTEM, DRAFT),
    "municipal_plan": (CASE, CASE, CASE, SYSTEM),
}


def _keys() -> list[sa.Column]:
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("public_id", sa.String(22), unique=True, nullable=False),
    ]


def _case(**options: bool) -> sa.Column:
    return sa.Column("case_id", sa.BigInteger(), sa.ForeignKey("client_case.id"), nullable=False, **options)


def _by(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey("user_account.id"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "need_rating",
        *_keys(),
        _case(),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("point", sa.Text(), nullable=False),
        sa.Column("rated_by", sa.Text(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("rated_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        _by("recorded_by_id"),
        sa.CheckConstraint(f"area IN ({AREAS})", name="area_known"),
        sa.CheckConstraint("point IN ('move_in', 'midway', 'move_out', 'later')", name="point_known"),
        sa.CheckConstraint("rated_by IN ('her', 'staff')", name="rated_by_known"),
        sa.CheckConstraint("score BETWEEN 0 AND 4", name="score_in_range"),
    )
    op.create_index("ix_need_rating_case_id_id", "need_rating", ["case_id", "id"])
    _stay_plans()
    op.create_table(
        "municipal_plan",
        *_keys(),
        _case(unique=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("plan_on", sa.Date(), nullable=True),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("next_meeting_on", sa.Date(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        _by("noted_by_id"),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("kind IN ('not_known', 'none', 'action_plan', 'whole_plan')", name="kind_known"),
        sa.CheckConstraint("sent_on IS NULL OR consent_on <= sent_on", name="sent_with_consent"),
        sa.CheckConstraint("sent_on IS NULL OR consent_on IS NOT NULL", name="sent_by_her_will"),
    )
    for table, rules in WALL.items():
        _wall(table, *rules)
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO bro_app")


def _stay_plans() -> None:
    op.create_table(
        "stay_plan",
        *_keys(),
        _case(),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("wish", sa.LargeBinary(), nullable=False),
        sa.Column("offers", sa.LargeBinary(), nullable=True),
        sa.Column("children", sa.LargeBinary(), nullable=True),
        sa.Column("next_review_on", sa.Date(), nullable=True),
        sa.Column("confirmed_how", sa.Text(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        _by("written_by_id"),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("state IN ('draft', 'agreed', 'replaced')", name="state_known"),
        sa.CheckConstraint("confirmed_how IN ('paper', 'orally')", name="confirmed_how_known"),
        sa.CheckConstraint("(state = 'draft') = (confirmed_on IS NULL)", name="confirmed_when_agreed"),
        sa.CheckConstraint("(confirmed_on IS NULL) = (confirmed_how IS NULL)", name="confirmed_somehow"),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_stay_plan_case_id_number")),
    )
    for state in ("draft", "agreed"):
        only = sa.text(f"state = '{state}'")
        op.create_index(f"uq_stay_plan_{state}", "stay_plan", ["case_id"], unique=True, postgresql_where=only)
    op.create_table(
        "stay_plan_goal",
        *_keys(),
        sa.Column("stay_plan_id", sa.BigInteger(), sa.ForeignKey("stay_plan.id"), nullable=False),
        sa.Column("goal_id", sa.BigInteger(), sa.ForeignKey("goal.id"), nullable=False),
        sa.Column("wish", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("stay_plan_id", "goal_id", name=op.f("uq_stay_plan_goal_stay_plan_id_goal_id")),
    )
    op.create_index("ix_stay_plan_goal_goal_id", "stay_plan_goal", ["goal_id"])


def downgrade() -> None:
    for table in ("municipal_plan", "stay_plan_goal", "stay_plan", "need_rating"):
        op.drop_table(table)


def _wall(table: str, reads: str, writes: str, changes: str, removes: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY system ON {table} USING ({SYSTEM})")
    op.execute(f"CREATE POLICY reads ON {table} FOR SELECT TO bro_app USING ({reads})")
    op.execute(f"CREATE POLICY writes ON {table} FOR INSERT TO bro_app WITH CHECK ({writes})")
    # A version that is replaced now leaves what may be changed: only what it was before is asked about.
    op.execute(f"CREATE POLICY changes ON {table} FOR UPDATE TO bro_app USING ({changes}) WITH CHECK ({reads})")
    op.execute(f"CREATE POLICY removes ON {table} FOR DELETE TO bro_app USING ({removes})")
