"""The headings under which somebody reads her own data."""

from enum import StrEnum


class Heading(StrEnum):
    WHO = "who"
    CONTACT = "contact"
    CHILDREN = "children"
    CASE = "case"
    STAYS = "stays"
    SAFETY = "safety"
    CONSENTS = "consents"
    JOURNAL = "journal"
    DOCUMENTS = "documents"
    ENQUIRIES = "enquiries"
    PLAN = "plan"
    REFERRALS = "referrals"
    COURSES = "courses"
    COUNSELLING = "counselling"
    MEETINGS = "meetings"
    HOMES = "homes"
    FURNISHING = "furnishing"
    TASKS = "tasks"
    GRANTS = "grants"
    MEASURES = "measures"
    RIGHTS = "rights"
    PROTECTION = "protection"
    TRAIL = "trail"
