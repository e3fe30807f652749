"""Words for the method and its measures."""

from portal.core.i18n import _
from portal.core.measures import CtiArea, FollowUpPoint, InstrumentKey, Phase, ViolenceForm
from portal.domain.labels.words import Words

WORDS: Words = (
    (Phase.PRE, _("Contact")),
    (Phase.P1, _("1 Transition")),
    (Phase.P2, _("2 Try-out")),
    (Phase.P3, _("3 Transfer")),
    (Phase.ENDED, _("Follow-up")),
    (ViolenceForm.PSYCHOLOGICAL, _("Psychological violence")),
    (ViolenceForm.PHYSICAL, _("Physical violence")),
    (ViolenceForm.SEXUAL, _("Sexual violence")),
    (ViolenceForm.ECONOMIC, _("Economic violence")),
    (ViolenceForm.MATERIAL, _("Material violence")),
    (ViolenceForm.DIGITAL, _("Digital violence")),
    (ViolenceForm.STALKING, _("Stalking")),
    (ViolenceForm.HONOUR_RELATED, _("Honour-related violence")),
    (InstrumentKey.EXPOSURE, _("Exposure to violence")),
    (InstrumentKey.SAFETY_FEELING, _("Safety feeling")),
    (InstrumentKey.WHO5, _("Wellbeing (WHO-5)")),
    (InstrumentKey.ITQ, _("Trauma reactions (ITQ)")),
    (InstrumentKey.PCL5, _("Trauma reactions (PCL-5)")),
    (InstrumentKey.UCLA3, _("Loneliness (UCLA-3)")),
    (InstrumentKey.DOMAIN_RATING, _("The worker's ratings")),
    (InstrumentKey.PROBLEM_RATING, _("Her own ratings")),
    (FollowUpPoint.START, _("Start")),
    (FollowUpPoint.PHASE_2, _("Change to phase 2")),
    (FollowUpPoint.PHASE_3, _("Change to phase 3")),
    (FollowUpPoint.END, _("End")),
    (FollowUpPoint.AFTER_3, _("3 months after")),
    (FollowUpPoint.AFTER_6, _("6 months after")),
    (FollowUpPoint.AFTER_12, _("12 months after")),
    (CtiArea.HEALTH, _("Physical and mental health")),
    (CtiArea.SAFETY, _("Safety")),
    (CtiArea.DAILY_ACTIVITIES, _("Daily activities")),
    (CtiArea.NETWORK, _("Network, family and social relations")),
    (CtiArea.FINANCES, _("Finances")),
    (CtiArea.HOUSING, _("Housing")),
    (CtiArea.WORK, _("Work and education")),
)
