"""The fields of a form that hold a file: read while the form is checked, and told apart by what is in it."""

from collections.abc import Callable
from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import FileField
from wtforms.validators import StopValidation

from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.uploads import MOST_BYTES, TooLarge, Unsupported, receive
from portal.uploads.sheets import read

STATUS = {Unsupported: 415, TooLarge: 413}


class _Read(FileField):
    """A file of which neither the name nor the bytes as they came are kept.

    `made` is what the form is about, None until the form was checked; `status` is what a refusal answers.
    """

    # Makes it of the bytes, or raises Invalid.
    made_of: Callable[[bytes], Any]
    data: Any
    made: Any = None
    status = 422

    def __init__(self, label: Any = None, **options: Any) -> None:
        # So that a browser can say it before anything is sent.
        told = {"data-most-bytes": MOST_BYTES, "data-says-too-large": TooLarge.message}
        super().__init__(label, render_kw=told, **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        # A browser sends something empty where no file was chosen; text in the place of a file is none.
        sent = valuelist[0] if valuelist else None
        self.data = sent.stream.read() if isinstance(sent, FileStorage) and sent else None

    def pre_validate(self, form: Any) -> None:
        if self.data is None:
            raise StopValidation(_("Choose a file."))
        try:
            self.made = type(self).made_of(self.data)
        except Invalid as refusal:
            self.status = STATUS.get(type(refusal), self.status)
            raise StopValidation(str(refusal)) from refusal


class Upload(_Read):
    """A paper or a picture, made anew without what was hidden in it: `made` is a `Received`."""

    made_of = staticmethod(receive)


class SheetUpload(_Read):
    """A table: `made` is a `Sheet`."""

    made_of = staticmethod(read)
