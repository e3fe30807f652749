"""Why a file is not taken."""

from portal.core.errors import Invalid
from portal.core.i18n import _


class Unsupported(Invalid):
    """Not one of the kinds of files that are kept."""

    message = _("Only PDF, JPEG and PNG are kept. Save a Word document as PDF, and a HEIC picture as JPEG, first.")

    def __init__(self, message: object | None = None) -> None:
        super().__init__(message or self.message, field="file")


class TooLarge(Invalid):
    """More than a file may hold."""

    message = _("The file is larger than 10 MB. Make it smaller, or send it in parts.")

    def __init__(self) -> None:
        super().__init__(self.message, field="file")
