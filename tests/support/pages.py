"""What every page and every part must be, whatever it is about."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode
from werkzeug.test import TestResponse

CONTROLS = ("input", "select", "textarea")
# What differs between two showings of the same page: tokens, and the seconds that a session has left.
FRESH = re.compile(r'(name="(?:csrf_token|form_key)" value="|name="csrf-token" content="|data-rest-seconds=")[^"]*')
# The page that one leaves to is none of the portal's by its looks.
AWAY = "link[href*='weather.css']"
TYPED = ("text", "search", "email", "tel", "url", "number", "password")


def without_fresh(text: str) -> str:
    """A page without what is made anew for each showing, so that two answers can be compared."""
    return FRESH.sub(r"\1", text)


def check_page(response: TestResponse) -> None:
    """One h1 and the neutral title on a page; a label for every control; no id twice; nothing inline."""
    text = response.get_data(as_text=True)
    if not text.strip():
        return
    tree = LexborHTMLParser(text)
    if text.lstrip().lower().startswith("<!doctype"):
        is_away = bool(tree.css(AWAY))
        titles = ("Vejret", "The weather") if is_away else ("Portal",)
        assert [one.text() in titles for one in tree.css("head > title")] == [True], "the title is always the same word"
        assert len(tree.css("h1")) == 1, "a page has one h1"
        assert is_away or len(tree.css("[id=messages]")) == 1, "a page has one place for messages"
        _check_helpers(tree)
    ids = [one.id for one in tree.css("[id]") if one.id]
    assert len(ids) == len(set(ids)), f"an id stands twice: {sorted(i for i in ids if ids.count(i) > 1)}"
    assert not tree.css("script:not([src])"), "no script in the page itself"
    for one in tree.css("*"):
        inline = [name for name in one.attributes if name == "style" or name.startswith(("on", "hx-on"))]
        assert not inline, f"inline on {one.tag}: {inline}"
    labelled = {one.attributes["for"] for one in tree.css("label[for]")}
    inside = {control.mem_id for control in tree.css(", ".join(f"label {tag}" for tag in CONTROLS))}
    for one in tree.css(", ".join(CONTROLS)):
        assert one.mem_id in inside or _is_named(one, labelled), f"{one.tag} {one.attributes.get('name')} has no label"


def _check_helpers(tree: LexborHTMLParser) -> None:
    """No part of the browser that sends text to its maker is asked to help, and none remembers what was typed."""
    assert tree.css("html[translate=no]"), "the page offers itself for translation"
    assert tree.css("body[spellcheck=false]"), "a spell checker may read what is typed"
    closed = {one.mem_id for one in tree.css("form[autocomplete=off] :is(input, textarea)")}
    for one in tree.css("textarea, input"):
        given = one.attributes
        if one.tag == "textarea" or given.get("type", "text") in TYPED:
            assert one.mem_id in closed or given.get("autocomplete"), f"the browser remembers {given.get('name')}"
            assert given.get("spellcheck") in (None, "false"), f"a spell checker may read {given.get('name')}"


def _is_named(control: LexborNode, labelled: set[str | None]) -> bool:
    given = control.attributes
    is_unseen = given.get("type") in ("hidden", "submit", "button")
    return is_unseen or given.get("id") in labelled or "aria-label" in given or "aria-labelledby" in given
