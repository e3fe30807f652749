"""What is wrong with something that a person typed: a code for machines and a sentence that teaches."""


class Problem(ValueError):
    """Typed text that cannot be taken in. `code` is stable; `text` is shown beside the field, in her language."""

    def __init__(self, code: str, text: object) -> None:
        super().__init__(code)
        self.code = code
        self.text = text

    def __str__(self) -> str:
        return str(self.text)
