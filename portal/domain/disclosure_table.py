"""Who sees what, cell by cell: 42 field groups and 21 relations to a case (R-003).

The letters are explained in `domain/disclosure.py`. A raised number is a condition that is listed there too.
Intake sees name, CPR number, phone and the account of violence only on demand until acceptance: the column IN says `r`.
"""

RELATIONS = "AN RF RC IN CT CN TT TN PL VC VO VW VN GO SO DP OA SA BG BX XO"

# fmt: off
CELLS: dict[str, str] = {
    "CASE_EXISTS":                "-  v  v  v  v  -  v  -  p  -  -  -  -  p  p  p  -  -  v  -  -",
    "CASE_REF":                   "-  v  v  v  v  -  v  -  p  -  -  -  -  v  v  v  -  -  v  -  -",
    "PERSON_NAME":                "-  t  -  r  e  -  v  -  -  -  -  -  -  r  r  -  -  -  v  -  -",
    "PERSON_CPR":                 "-  c  -  r  R  -  -  -  -  -  -  -  -  r  -  -  -  -  -  -  -",
    "PERSON_AGE_BAND":            "-  t  -  v  e  -  v  -  v  -  -  -  -  -  v  -  -  -  v  -  -",
    "ADDR_EXACT":                 "-  c  -  -  R  -  r¹ -  -  -  -  -  -  -  r  -  -  -  r  -  -",
    "ADDR_AREA":                  "-  t  -  v  e  -  v  -  v² -  -  -  -  -  v  -  -  -  v  -  -",
    "ADDR_PROTECTION_LEVEL":      "-  c  -  v  e  -  v  -  a  -  -  -  -  -  e  -  -  -  v  -  -",
    "CONTACT_PHONE_EMAIL":        "-  c  -  r  e  -  v  -  -  -  -  -  -  -  r  -  -  -  v  -  -",
    "CONTACT_SAFE_RULES":         "-  c  -  v  e  -  v  -  -  -  -  -  -  -  v  -  -  -  v  -  -",
    "PERSON_LANGUAGE_NEEDS":      "-  t  -  v  e  -  v  -  v  v  -  -  -  -  v  -  -  -  v  -  -",
    "CHILD_COUNT_BAND":           "-  t  -  v  e  -  v  -  v  -  -  -  -  v  v  -  -  -  v  -  -",
    "CHILD_IDENTITY":             "-  c  -  v  e  -  v³ -  -  -  -  -  -  -  r  -  -  -  r  -  -",
    "CHILD_CUSTODY":              "-  c  -  v  e  -  -  -  -  -  -  -  -  -  v  -  -  -  v  -  -",
    "RISK_LEVEL":                 "-  c  -  v  e  -  v  -  v  -  -  -  -  -  e  -  -  -  v  -  -",
    "RISK_NARRATIVE_PERPETRATOR": "-  c  -  r  e  -  -  -  -  -  -  -  -  -  v  -  -  -  v  -  -",
    "BLOCK_LIST":                 "-  c  -  c  e⁴ -  -  -  -  -  -  -  -  -  e  v  -  -  -  -  -",
    "NOTE_CASE":                  "-  -  -  -  e  -  -  -  -  -  -  -  -  -  -  -  -  -  v  -  -",
    "NOTE_TRACK":                 "-  -  -  -  v  -  e⁵ -  -  -  -  -  -  -  -  -  -  -  v  -  -",
    "REFERRAL_CONTENT":           "-  t  -  e  v  -  -  -  -  -  -  -  -  -  -  -  -  -  v  -  -",
    "REFERRAL_STATUS":            "-  v  v  v  v  -  -  -  p  -  -  -  -  -  -  -  -  -  v  -  -",
    "CONSENT_RECORD":             "-  c  -  v  e  -  v  -  -  -  -  -  -  -  v  v  -  -  v  -  -",
    "ENROL_TRACK_STATE":          "-  -  -  -  e  -  e⁵ -  p  -  -  -  -  -  -  -  -  -  v  -  -",
    "CTI_PHASE_CONTACTS":         "-  -  -  -  e  -  e⁵ -  p  -  -  -  -  -  -  -  -  -  v  -  -",
    "HOUSING_UNIT_IDENTITY":      "-  -  -  -  R  -  r⁵ -  -  -  -  -  -  -  r  -  -  -  r  -  -",
    "HOUSING_OFFER_STATE":        "-  -  -  -  v  -  e⁵ -  p  -  -  -  -  -  -  -  -  -  v  -  -",
    "GRANT_APPLICATION":          "-  -  -  -  e  -  v⁵ -  p  -  -  -  -  v  -  -  -  -  v  -  -",
    "GRANT_BANK_DETAILS":         "-  -  -  -  c  -  -  -  -  -  -  -  -  r  -  -  -  -  -  -  -",
    "GRANT_DECISION_PAYMENT":     "-  -  -  -  v  -  v⁵ -  a  -  -  -  -  e  -  -  -  -  v  -  -",
    "TASK_CARD_PUBLIC":           "-  -  -  -  e  -  e⁵ -  p  e  v  v  -  -  -  -  -  -  v  -  -",
    "TASK_PRIVATE":               "-  -  -  -  e  -  e⁵ -  -  v  -  t  -  -  -  -  -  -  v  -  -",
    "TASK_ADDRESS":               "-  -  -  -  R  -  r¹ -  -  -  -  T  -  -  -  -  -  -  r  -  -",
    "VOLUNTEER_PROFILE":          "-  -  -  -  m  -  m  -  a  e  -  -  -  -  v  v  -  -  -  -  -",
    "OUTCOME_SCORES":             "-  -  -  -  e  -  v⁵ -  p  -  -  -  -  -  -  -  -  -  v  -  -",
    "DOCUMENT_FILE":              "-  c  -  v  e  -  v⁵ -  -  -  -  -  -  v⁵ -  -  -  -  v  -  -",
    "CALENDAR_ENTRY":             "-  -  -  -  e  -  e⁵ -  -  v  -  t  -  -  -  -  -  -  v  -  -",
    "MESSAGE_TASK_THREAD":        "-  -  -  -  e  -  e⁵ -  -  e  -  e  -  -  -  -  -  -  v  -  -",
    "STATS_RELEASED":             "a  a  a  a  a  a  a  a  a  a  a  a  a  a  a  a  a  a  a  a  a",
    "EXPORT_SUBJECT_ACCESS":      "-  -  -  -  c  -  -  -  -  -  -  -  -  -  -  e  -  -  -  -  -",
    "AUDIT_CASE_ACCESS":          "-  -  -  -  v  -  -  -  -  -  -  -  -  -  v  v  -  -  -  -  -",
    "USER_MEMBERSHIP":            "-  -  -  -  -  -  -  -  -  c⁶ -  -  -  -  v  v  e  -  -  -  -",
    "AUDIT_SYSTEM":               "-  -  -  -  -  -  -  -  -  -  -  -  -  -  v  v  v⁷ v⁷ -  -  -",
}
# fmt: on
