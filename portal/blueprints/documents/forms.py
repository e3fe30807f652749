"""The forms of documents."""

from wtforms import HiddenField

from portal.core.enums import Language
from portal.core.i18n import _
from portal.core.papers import PassingSection
from portal.domain.documents import PUT_HERE
from portal.web.fields import Day, Pick, PortalForm, Radio, Several, optional, required
from portal.web.texts import Line, Scan, Text
from portal.web.uploads import Upload
from portal.web.versions import VersionedForm


class SaidFields(PortalForm):
    """What is said of a document."""

    kind = Pick(_("What it is"), [required()], kind=PUT_HERE, empty=_("Choose"))
    theme = Line(_("What it is about, in a few words"), [required()], scan=Scan.WARN)
    dated_on = Day(_("Date of the document"), [required()])
    # Courses are filled in while the page is made.
    course = Pick(_("Who may read it?"), [optional()])


class SaidForm(SaidFields, VersionedForm):
    """The same of one that is there: others may change it meanwhile."""


class UploadForm(SaidFields):
    """A file, and what is said of it."""

    file = Upload(_("The file"))

    @property
    def status(self) -> int:
        """415 for a kind that is not kept, 413 for too much, 422 for all else."""
        return int(self.file.status) if self.file.errors else 422


class ReasonForm(VersionedForm):
    """Why a document is taken out."""

    reason = Line(_("Why is it taken out?"), [required()])


class HandoverForm(PortalForm):
    """What a handover is to be."""

    recipient = Pick(_("Who receives it?"), [required()])
    sections = Several(_("What is it to tell?"), kind=PassingSection)
    basis = Radio(_("By what is it sent?"), [required()], choices=())
    reason = Line(_("Why, where it is not by her consent"), [optional()])
    done = Text(_("What the receiver should know of what has been done"), [optional()])
    language = Radio(_("Language of the document"), [required()], kind=Language)


class StretchForm(VersionedForm):
    """One stretch that was found: struck, or kept with a reason."""

    place = HiddenField()
    number = HiddenField()
    reason = Line(_("Why does it stand?"), [optional()])


class WordsForm(VersionedForm):
    """Words that are struck wherever they stand."""

    words = Line(_("Words to strike out"), [required()])


class MakeForm(VersionedForm):
    """The file is made."""


class PeriodForm(PortalForm):
    """From when to when something is taken over."""

    from_on = Day(_("From"), [required()])
    to_on = Day(_("Until and with"), [required()])
