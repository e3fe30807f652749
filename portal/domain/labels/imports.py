"""Words for cases that come from a spreadsheet."""

from portal.core.audit_tags import Audit
from portal.core.i18n import _
from portal.core.imports import ImportField, ImportState, RowKind
from portal.domain.labels.words import Words

WORDS: Words = (
    (Audit.CASE_IMPORTED, _("Case came from a spreadsheet")),
    (Audit.IMPORT_TAKEN, _("Spreadsheet handed in")),
    (Audit.IMPORT_CHECKED, _("Spreadsheet checked")),
    (Audit.IMPORT_STARTED, _("Import started")),
    (Audit.IMPORT_DONE, _("Import finished")),
    (Audit.IMPORT_FAILED, _("Import stopped, nothing was kept")),
    (Audit.IMPORT_DROPPED, _("Import dropped")),
    (ImportState.MAPPING, _("Say what the columns are")),
    (ImportState.CHECKED, _("Checked")),
    (ImportState.QUEUED, _("Waits to begin")),
    (ImportState.RUNNING, _("Under way")),
    (ImportState.DONE, _("Finished")),
    (ImportState.FAILED, _("Stopped. Nothing was kept")),
    (ImportState.DROPPED, _("Dropped")),
    (ImportField.OWN_NUMBER, _("Your own case number")),
    (ImportField.NAME, _("Name")),
    (ImportField.CPR, _("CPR number")),
    (ImportField.BIRTH_YEAR, _("Birth year")),
    (ImportField.BIRTH_DATE, _("Birth date")),
    (ImportField.PHONE, _("Telephone")),
    (ImportField.LANGUAGE, _("Language she speaks best")),
    (ImportField.INTERPRETER, _("Needs an interpreter (yes or no)")),
    (ImportField.PROTECTION, _("Address protection (0, 1 or 2)")),
    (ImportField.MUNICIPALITY, _("Municipality that must act")),
    (ImportField.ADMITTED_ON, _("Admitted")),
    (ImportField.PLANNED_MOVE_ON, _("Planned move to her own home")),
    (ImportField.MOVED_ON, _("Moved to her own home")),
    (ImportField.CHILDREN, _("Children: how many, or their birth years")),
    (ImportField.CONTACT_PERSON, _("Contact person's e-mail")),
    (ImportField.NOTE, _("Note")),
    (RowKind.NEW, _("Becomes a new case")),
    (RowKind.ALIKE, _("Looks like a case that you have")),
    (RowKind.HERE, _("Is here already")),
    (RowKind.DIFFERS, _("Is here already, and differs")),
    (RowKind.WRONG, _("Must be put right")),
)
