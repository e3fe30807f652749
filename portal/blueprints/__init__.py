"""One folder per area: parse, load, act in a transaction, answer."""

AREAS = (
    "auth", "home", "cases", "programmes", "referrals", "enrolments", "cti", "groups", "housing", "counselling",
    "meetings", "volunteers", "tasks", "furnishing", "grants", "followups", "reports", "messages", "audit", "admin",
    "demo",
)
