"""The fields of a form that hold a file: read while the form is checked, and told apart by what is in it."""

from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import FileField
from wtforms.validators import StopValidation

from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.uploads import Received, TooLarge, Unsupported, receive
from portal.uploads.sheets import Sheet, read

STATUS = {Unsupported: 415, TooLarge: 413}


class _Read(FileField):
    """A file of which neither the name nor the bytes as they came are kept. `status` is what a refusal answers."""

    data: Any
    status = 422

    def process_formdata(self, valuelist: list[Any]) -> None:
        # A browser sends something empty where no file was chosen; text in the place of a file is none.
        sent = valuelist[0] if valuelist else None
        self.data = sent.stream.read() if isinstance(sent, FileStorage) and sent else None

    def pre_validate(self, form: Any) -> None:
        if self.data is None:
            raise StopValidation(_("Choose a file."))
        try:
            self.take(self.data)
        except Invalid as refusal:
            self.status = STATUS.get(type(refusal), self.status)
            raise StopValidation(str(refusal)) from refusal

    def take(self, content: bytes) -> None:
        """Make of the bytes what the form is about. Raises Invalid."""
        raise NotImplementedError


class Upload(_Read):
    """A paper or a picture, made anew without what was hidden in it."""

    received: Received | None = None

    def take(self, content: bytes) -> None:
        self.received = receive(content)


class SheetUpload(_Read):
    """A table."""

    sheet: Sheet | None = None

    def take(self, content: bytes) -> None:
        self.sheet = read(content)
