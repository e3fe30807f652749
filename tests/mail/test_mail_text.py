"""Each mail, word for word, in each language: that there is something, and where to sign in. Nothing else, ever."""

import re

import pytest
from flask import Flask

from portal.domain.outbox import POLICIES
from portal.web.mail_text import render

ADDRESS = "http://127.0.0.1:8000/sign-in"
SNAPSHOTS = {
    ("news", "da"): (
        "Der er nyt i portalen",
        f"Hej\n\nDer er nyt til dig i portalen.\n\nLog ind for at se det:\n{ADDRESS}\n\n"
        "Mailen siger med vilje ikke mere. Får du den to gange, betyder den det samme.\n",
    ),
    ("news", "en"): (
        "There is something new in the portal",
        f"Hello,\n\nThere is something new for you in the portal.\n\nSign in to see it:\n{ADDRESS}\n\n"
        "This mail says no more on purpose. You may get it twice; then it means the same thing.\n",
    ),
    ("reminder_digest", "da"): (
        "Noget venter i portalen",
        f"Hej\n\nDer er noget på din liste i portalen, som venter på dig.\n\nLog ind for at se det:\n{ADDRESS}\n\n"
        "Mailen siger med vilje ikke mere. Får du den to gange, betyder den det samme.\n",
    ),
    ("reminder_digest", "en"): (
        "Something is waiting in the portal",
        f"Hello,\n\nSomething on your list in the portal is waiting for you.\n\nSign in to see it:\n{ADDRESS}\n\n"
        "This mail says no more on purpose. You may get it twice; then it means the same thing.\n",
    ),
}
EVERY = [(template, language) for template in POLICIES for language in ("da", "en")]


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_a_mail_reads_so(app: Flask, template: str, language: str) -> None:
    with app.app_context():
        mail = render(template, language=language)
    assert (mail.subject, mail.text) == SNAPSHOTS[template, language]


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_the_html_says_the_same_and_fetches_nothing(app: Flask, template: str, language: str) -> None:
    with app.app_context():
        mail = render(template, language=language)
    words = re.sub(r"\s+", " ", re.sub(r"<title>.*</title>|<[^>]+>", "", mail.html)).strip()
    assert words == re.sub(r"\s+", " ", mail.text).strip()
    assert f'<html lang="{language}">' in mail.html
    assert "<title>Portal</title>" in mail.html
    assert re.findall(r'(?:src|href)="([^"]*)"', mail.html) == [ADDRESS]


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_no_name_number_or_link_into_the_portal_stands_in_a_mail(app: Flask, template: str, language: str) -> None:
    with app.app_context():
        mail = render(template, language=language)
    said = (mail.subject + mail.text).replace(ADDRESS, "")
    assert not re.search(r"\d|@|http|/", said)
    assert not re.search(r"sag|case|krisecenter|centre|henvis|referral|volunteer|frivillig", said, re.IGNORECASE)
    assert "?" not in ADDRESS


def test_a_mail_that_nobody_declared_is_refused(app: Flask) -> None:
    with app.app_context(), pytest.raises(KeyError):
        render("../base", language="da")
