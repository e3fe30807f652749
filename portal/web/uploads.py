"""The field of a form that holds a file."""

from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import FileField
from wtforms.validators import StopValidation

from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.uploads import Received, TooLarge, Unsupported, receive

STATUS = {Unsupported: 415, TooLarge: 413}


class Upload(FileField):
    """A file. Looked at by what is in it and made anew while the form is checked; its name is not kept."""

    data: Any
    received: Received | None = None
    status = 422

    def process_formdata(self, valuelist: list[Any]) -> None:
        # A browser sends something empty where no file was chosen; text in the place of a file is none.
        sent = valuelist[0] if valuelist else None
        self.data = sent.stream.read() if isinstance(sent, FileStorage) and sent else None

    def pre_validate(self, form: Any) -> None:
        if self.data is None:
            raise StopValidation(_("Choose a file."))
        try:
            self.received = receive(self.data)
        except Invalid as refusal:
            self.status = STATUS.get(type(refusal), self.status)
            raise StopValidation(str(refusal)) from refusal
