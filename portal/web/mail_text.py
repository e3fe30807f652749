"""Renders a mail in its receiver's language. It knows nothing but that there is something, and where to sign in."""

from dataclasses import dataclass

from flask import current_app
from flask_babel import force_locale

from portal.domain.outbox import POLICIES


@dataclass(frozen=True, slots=True)
class MailText:
    """One mail, ready to be sent."""

    subject: str
    text: str
    html: str


def render(template: str, *, language: str) -> MailText:
    """The mail of that name. Raises KeyError for one that has no policy.

    Nothing about the receiver or the case is handed to the templates, so nothing of it can stand in a mail.
    """
    folder = f"email/{template}"
    if template not in POLICIES:
        raise KeyError(template)
    values = {"address": f"{current_app.config['PUBLIC_URL']}/sign-in", "language": language}
    with force_locale(language):
        subject, text, html = (
            # Not through `render_template`: what pages are given (the person, her counts) is not for mails.
            current_app.jinja_env.get_template(f"{folder}/{part}").render(values).strip()
            for part in ("subject.txt", "body.txt", "body.html")
        )
    return MailText(subject, text + "\n", html + "\n")
