"""What SendGrid refuses, in its own words."""

from typing import Any

HELP = "http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html#"


class Refusal(Exception):
    """An answer with SendGrid's list of errors."""

    def __init__(self, status: int, message: str, field: str | None = None, help_at: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.errors = [{"message": message, "field": field, "help": HELP + help_at if help_at else None}]


def check(body: dict[str, Any]) -> None:
    """Refuse what lacks a required part, in SendGrid's own words."""
    personalizations = body.get("personalizations")
    if not isinstance(personalizations, list) or not personalizations:
        raise Refusal(
            400,
            "The personalizations field is required and must have at least one personalization.",
            "personalizations",
            "message.personalizations",
        )
    for number, personalization in enumerate(personalizations):
        if not _has_address(personalization.get("to") if isinstance(personalization, dict) else None):
            raise Refusal(
                400,
                "The to array is required for all personalization objects, and must have at least one email "
                "object with a valid email address.",
                f"personalizations.{number}.to",
                "message.personalizations.to",
            )
    if not _has_address([body.get("from")]):
        raise Refusal(
            400,
            "The from object must be provided for every email send. It is an object that requires the email "
            'parameter, but may also contain a name parameter.  e.g. {"email" : "example@example.com"}  or '
            '{"email" : "example@example.com", "name" : "Example Recipient"}.',
            "from.email",
            "message.from",
        )
    _check_text(body)


def _check_text(body: dict[str, Any]) -> None:
    """Refuse a mail without subject or text."""
    if not body.get("subject") and not all(part.get("subject") for part in body["personalizations"]):
        raise Refusal(
            400,
            "The subject is required. You can get around this requirement if you use a template with a subject "
            "defined or if every personalization has a subject defined.",
            "subject",
            "message.subject",
        )
    content = body.get("content")
    is_whole = (
        isinstance(content, list)
        and content
        and all(
            isinstance(part, dict) and part.get("type") and isinstance(part.get("value"), str) and part["value"]
            for part in content
        )
    )
    if not is_whole:
        raise Refusal(
            400,
            "Unless a valid template_id is provided, the content parameter is required. There must be at least "
            "one defined content block. We typically suggest both text/plain and text/html blocks are included, but "
            "only one block is required.",
            "content",
            "message.content",
        )


def _has_address(people: object) -> bool:
    return (
        isinstance(people, list)
        and bool(people)
        and all(isinstance(person, dict) and "@" in str(person.get("email", "")) for person in people)
    )
