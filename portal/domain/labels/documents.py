"""Words for documents and handovers."""

from portal.core.i18n import _
from portal.core.papers import Media, PaperKind, PaperState, PassingBasis, PassingSection
from portal.domain.labels.words import Words

WORDS: Words = (
    (PaperKind.LETTER, _("Letter")),
    (PaperKind.DECISION, _("Decision")),
    (PaperKind.COURT, _("From the court or the family court house")),
    (PaperKind.POLICE, _("From the police")),
    (PaperKind.HEALTH, _("From doctor or hospital")),
    (PaperKind.SCHOOL, _("From school or daycare")),
    (PaperKind.CONSENT, _("Consent")),
    (PaperKind.PHOTO, _("Photo")),
    (PaperKind.HANDOVER, _("Handover")),
    (PaperKind.OTHER, _("Something else")),
    (PaperState.WAITING, _("Waits for the malware scanner")),
    (PaperState.CLEAN, _("Can be opened")),
    (PaperState.STOPPED, _("Stopped: malware was found")),
    (PaperState.TAKEN_OUT, _("Taken out")),
    (Media.PDF, _("PDF")),
    (Media.JPEG, _("Picture (JPEG)")),
    (Media.PNG, _("Picture (PNG)")),
    (PassingBasis.CONSENT, _("Her consent")),
    (PassingBasis.CHILD_CONCERN, _("The duty to notify about a child")),
    (PassingBasis.CRIME_PREVENTION, _("Cooperation with police and social authorities")),
    (PassingBasis.NEGATIVE_CONTROL, _("A case of negative social control")),
    (PassingSection.WHO, _("Who she is")),
    (PassingSection.CHILDREN, _("Her children")),
    (PassingSection.DONE, _("What has been done")),
    (PassingSection.PLAN, _("The plan")),
    (PassingSection.SAFETY, _("Safety")),
    (PassingSection.CONTACT, _("How she may be reached")),
    (PassingSection.OFFERS, _("Offers and courses")),
    (PassingSection.WISHES, _("What she wants herself")),
)
