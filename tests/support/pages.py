"""What every page and every part must be, whatever it is about."""

import re

import html5lib
from werkzeug.test import TestResponse

CONTROLS = ("input", "select", "textarea")
# What differs between two showings of the same page: tokens, and the seconds that a session has left.
FRESH = re.compile(r'(name="(?:csrf_token|form_key)" value="|name="csrf-token" content="|data-rest-seconds=")[^"]*')
TYPED = ("text", "search", "email", "tel", "url", "number", "password")


def without_fresh(text: str) -> str:
    """A page without what is made anew for each showing, so that two answers can be compared."""
    return FRESH.sub(r"\1", text)


def check_page(response: TestResponse) -> None:
    """Parses; one h1 and the neutral title on a page; a label for every control; no id twice; nothing inline."""
    text = response.get_data(as_text=True)
    if not text.strip():
        return
    is_page = text.lstrip().lower().startswith("<!doctype")
    tree = html5lib.parse(text, namespaceHTMLElements=False)
    elements = list(tree.iter())
    if is_page:
        assert [e.text for e in elements if e.tag == "title"] == ["Portal"], "the title is always the same word"
        assert sum(e.tag == "h1" for e in elements) == 1, "a page has one h1"
        assert sum(e.get("id") == "messages" for e in elements) == 1, "a page has one place for messages"
        _check_helpers(tree)
    ids = [e.get("id") for e in elements if e.get("id")]
    assert len(ids) == len(set(ids)), f"an id stands twice: {sorted(i for i in ids if ids.count(i) > 1)}"
    labelled = {e.get("for") for e in elements if e.tag == "label"}
    inside = {control for e in elements if e.tag == "label" for control in e.iter() if control.tag in CONTROLS}
    for element in elements:
        _check_element(element, labelled, inside)


def _check_helpers(tree: object) -> None:
    """No part of the browser that sends text to its maker is asked to help, and none remembers what was typed."""
    assert tree.get("translate") == "no", "the page offers itself for translation"  # type: ignore[attr-defined]
    body = tree.find("body")  # type: ignore[attr-defined]
    assert body.get("spellcheck") == "false", "a spell checker may read what is typed"
    closed = {one for form in body.iter("form") if form.get("autocomplete") == "off" for one in form.iter()}
    for one in body.iter():
        if one.tag == "textarea" or (one.tag == "input" and one.get("type", "text") in TYPED):
            assert one in closed or one.get("autocomplete"), f"the browser remembers {one.get('name')}"
            assert one.get("spellcheck") in (None, "false")


def _check_element(element: object, labelled: set[str | None], inside: set[object]) -> None:
    tag, attributes = element.tag, element.attrib  # type: ignore[attr-defined]
    if not isinstance(tag, str):
        return
    assert not any(name.startswith(("on", "hx-on")) or name == "style" for name in attributes), f"inline on {tag}"
    if tag == "script":
        assert attributes.get("src"), "no script in the page itself"
    if tag in CONTROLS and attributes.get("type") not in ("hidden", "submit", "button"):
        named = attributes.get("id") in labelled or element in inside or "aria-label" in attributes
        assert named or "aria-labelledby" in attributes, f"{tag} {attributes.get('name')} has no label"
