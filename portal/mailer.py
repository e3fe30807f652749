"""Hands one letter to whoever carries mail. What went wrong comes back sorted: try later, give up, nobody knows."""

import email.utils
import logging
import smtplib
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from http.client import HTTPException
from typing import Any, Protocol
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 10.0
EU_HOST = "https://api.eu.sendgrid.com"
# A neutral name: whoever looks over a shoulder learns nothing.
SENDER_NAME = "Portal"
LONGEST_WAIT = timedelta(hours=1)
TRY_LATER = {408, 425, 429}
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class OutgoingLetter:
    """One letter to one person. `attempt_id` is random and travels along, so that the provider's news find us."""

    to: str
    subject: str
    text: str
    html: str
    attempt_id: str
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """The carrier has taken the letter on. `message_id` is its name for it, empty when it gives none."""

    message_id: str


class MailProblem(Exception):
    """A letter was not taken on. `reason` is a short code, never an address or a text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Temporary(MailProblem):
    """Certainly not taken on, and worth another try: after `retry_after` when the carrier named a wait."""

    def __init__(self, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Permanent(MailProblem):
    """Certainly not taken on, and another try would meet the same answer."""


class Unknown(MailProblem):
    """The letter left us and no answer came: it may have been taken on or not. Never simply send it again."""


class MailSettingsError(RuntimeError):
    """The settings cannot send mail: the portal does not start with them."""


class Mailer(Protocol):
    """Whoever carries mail."""

    def send(self, letter: OutgoingLetter) -> Accepted:
        """Hand over one letter. Raises Temporary, Permanent or Unknown."""


@dataclass(slots=True)
class MemoryMailer:
    """Keeps letters, for tests. `problems` are raised first, in their order."""

    letters: list[OutgoingLetter] = field(default_factory=list)
    problems: list[MailProblem] = field(default_factory=list)

    def send(self, letter: OutgoingLetter) -> Accepted:
        """Keep the letter, or raise the next problem."""
        if self.problems:
            raise self.problems.pop(0)
        self.letters.append(letter)
        return Accepted(f"memory-{len(self.letters)}")


@dataclass(slots=True)
class ConsoleMailer:
    """Writes letters out instead of sending them, at a developer's desk."""

    write: Callable[[str], object] = print

    def send(self, letter: OutgoingLetter) -> Accepted:
        """Write the letter out."""
        self.write(f"--- mail to {letter.to}\n{letter.subject}\n\n{letter.text}\n---")
        return Accepted(letter.attempt_id)


@dataclass(slots=True)
class SmtpMailer:
    """Hands letters to a mail server: the second way, when the provider is out."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    use_tls: bool = True
    timeout: float = TIMEOUT_SECONDS

    def send(self, letter: OutgoingLetter) -> Accepted:
        """Hand the letter over; whatever fails before its text has gone is worth another try."""
        message = self._message(letter)
        is_sent = is_taken = False
        try:
            with smtplib.SMTP(self.host, self.port, timeout=self.timeout) as server:
                if self.use_tls:
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                server.ehlo_or_helo_if_needed()
                is_sent = True
                server.send_message(message)
                is_taken = True
        except OSError as problem:
            # A farewell that goes wrong does not undo the yes before it.
            if not is_taken:
                raise _smtp_problem(problem, is_sent=is_sent) from None
        return Accepted(str(message["Message-ID"]))

    def _message(self, letter: OutgoingLetter) -> EmailMessage:
        message = EmailMessage()
        message["From"] = email.utils.formataddr((SENDER_NAME, self.sender))
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = email.utils.format_datetime(datetime.now(UTC))
        message["Message-ID"] = f"<{letter.attempt_id}@{self.sender.rpartition('@')[2]}>"
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        return message


def _smtp_problem(problem: OSError, *, is_sent: bool) -> MailProblem:
    """4xx is try later, 5xx is no; a refused receiver carries its own code. Silence depends on what had gone."""
    code = problem.smtp_code if isinstance(problem, smtplib.SMTPResponseException) else 0
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        code = next(iter(problem.recipients.values()))[0]
    if code:
        return Temporary(f"smtp_{code}") if 400 <= code < 500 else Permanent(f"smtp_{code}")
    if isinstance(problem, smtplib.SMTPNotSupportedError):
        return Permanent("smtp_not_supported")
    reason = f"smtp_{type(problem).__name__}"
    return Unknown(reason) if is_sent else Temporary(reason)


class SendGridMailer:
    """Hands letters to SendGrid's v3 mail call by its own client."""

    def __init__(self, api_key: str, sender: str, *, host: str = EU_HOST, timeout: float = TIMEOUT_SECONDS) -> None:
        if not api_key:
            # Without it the client would send "Bearer None" and fail with each mail instead of once, now.
            raise MailSettingsError("SENDGRID_API_KEY is missing.")
        if urlsplit(host).scheme != "https" and urlsplit(host).hostname not in LOOPBACK:
            raise MailSettingsError("SENDGRID_HOST must be an https address.")
        from sendgrid import SendGridAPIClient

        # At its lowest level the client's log holds the key and every text.
        logging.getLogger("python_http_client").setLevel(logging.WARNING)
        self.sender = sender
        # The host goes into the constructor: setting the region later would build a new client without a timeout.
        self._client = SendGridAPIClient(api_key, host=host)
        self._client.client = _without_redirects(self._client.client, timeout)

    def send(self, letter: OutgoingLetter) -> Accepted:
        """Hand over one letter to one receiver, with every kind of tracking off."""
        from python_http_client.exceptions import HTTPError

        try:
            response = self._client.client.mail.send.post(request_body=self._body(letter))
        except HTTPError as refusal:
            raise _refused(int(refusal.status_code), dict(refusal.headers or {})) from None
        except urllib.error.URLError as problem:
            # Raised while connecting or writing: a request that is cut short cannot have been taken on.
            raise Temporary(f"unreachable_{type(problem.reason).__name__}") from None
        except (OSError, HTTPException) as problem:
            raise Unknown(f"no_answer_{type(problem).__name__}") from None
        return Accepted(str(response.headers.get("X-Message-Id") or ""))

    def _body(self, letter: OutgoingLetter) -> dict[str, Any]:
        from sendgrid.helpers import mail

        # A list of receivers would stand in one "to", where each sees the others: always exactly one.
        body = mail.Mail(
            from_email=mail.From(self.sender, SENDER_NAME),
            to_emails=mail.To(letter.to),
            subject=letter.subject,
            plain_text_content=letter.text,
            html_content=letter.html,
        )
        body.custom_arg = mail.CustomArg("attempt_id", letter.attempt_id)
        body.category = [mail.Category(name) for name in letter.categories]
        body.tracking_settings = mail.TrackingSettings(
            click_tracking=mail.ClickTracking(enable=False, enable_text=False),
            open_tracking=mail.OpenTracking(enable=False),
            subscription_tracking=mail.SubscriptionTracking(enable=False),
        )
        content: dict[str, Any] = body.get()
        return content


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the key and the letter elsewhere: it is an answer like any other refusal."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Follow nothing."""


def _without_redirects(original: Any, timeout: float) -> Any:
    """The same client with a timeout, and with an opener that follows no redirect."""
    from python_http_client import Client

    handlers: list[urllib.request.BaseHandler] = [_NoRedirects()]
    if urlsplit(original.host).hostname in LOOPBACK:
        handlers.append(urllib.request.ProxyHandler({}))
    opener = urllib.request.build_opener(*handlers)

    class OwnClient(Client):  # type: ignore[misc]
        def _build_client(self, name: str | None = None) -> "OwnClient":
            path = [*self._url_path, name] if name else self._url_path
            return OwnClient(
                host=self.host,
                version=self._version,
                request_headers=self.request_headers,
                url_path=path,
                append_slash=self.append_slash,
                timeout=self.timeout,
            )

        def _make_request(self, _opener: object, request: urllib.request.Request, timeout: float | None = None) -> Any:
            return super()._make_request(opener, request, timeout=timeout)

    return OwnClient(
        host=original.host, version=original._version, request_headers=original.request_headers, timeout=timeout
    )


def _refused(status: int, headers: Mapping[str, str]) -> MailProblem:
    """Sort an answer that is not a yes: 429 and 5xx are for later, everything else stays a no."""
    if status in TRY_LATER or status >= 500:
        return Temporary(f"http_{status}", _wait(headers))
    return Permanent(f"http_{status}")


def _wait(headers: Mapping[str, str]) -> timedelta | None:
    """The wait that an answer names: seconds or a date in Retry-After, else the second its limit is lifted."""
    named = {name.lower(): value.strip() for name, value in headers.items()}
    after, reset = named.get("retry-after", ""), named.get("x-ratelimit-reset", "")
    seconds: float | None = None
    if after.isdecimal():
        seconds = float(after)
    elif after:
        try:
            seconds = email.utils.parsedate_to_datetime(after).timestamp() - time.time()
        except ValueError:
            seconds = None
    elif reset.isdecimal():
        seconds = float(reset) - time.time()
    if seconds is None:
        return None
    return min(max(timedelta(seconds=seconds), timedelta(0)), LONGEST_WAIT)


def build(config: Mapping[str, Any]) -> Mailer:
    """The mailer that MAIL_BACKEND names. Raises MailSettingsError when its settings are not enough."""
    backend = config["MAIL_BACKEND"]
    if backend == "sendgrid":
        host = config.get("SENDGRID_HOST") or EU_HOST
        return SendGridMailer(config["SENDGRID_API_KEY"], config["MAIL_FROM"], host=host)
    if backend == "smtp":
        account = (config[f"SMTP_{name}"] for name in ("USER", "PASSWORD", "TLS"))
        return SmtpMailer(config["SMTP_HOST"], config["SMTP_PORT"], config["MAIL_FROM"], *account)
    if backend == "console":
        return ConsoleMailer()
    if backend == "memory":
        return MemoryMailer()
    raise MailSettingsError(f"MAIL_BACKEND is {backend!r}.")


def init_app(app: Any) -> None:
    """Choose the mailer by the settings of a Flask application. Jobs find it as `app.extensions["mailer"]`."""
    app.extensions["mailer"] = build(app.config)
