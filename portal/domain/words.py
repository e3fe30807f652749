"""Words that come from the project's own reference files, in both languages."""

from dataclasses import dataclass

DANISH = "da"


@dataclass(frozen=True, slots=True)
class Worded:
    """Something with a key and a text in both languages."""

    key: str
    da: str
    en: str

    def said(self, language: str) -> str:
        """The text in the reader's language."""
        return self.da if language == DANISH else self.en
