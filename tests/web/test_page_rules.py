"""What is held of every page that a test is shown: each rule is broken once, so that it is known to be looked at."""

import pytest
from werkzeug.test import TestResponse
from werkzeug.wrappers import Request

from tests.support.pages import check_page

PAGE = (
    '<!doctype html><html translate="no"><head><title>Portal</title></head><body spellcheck="false">'
    '<div id="messages"></div><h1>x</h1><form autocomplete="off">{}</form></body></html>'
)
SOUND = (
    '<label for="a">a</label><input id="a"><label>b <textarea></textarea></label><select aria-label="c"></select>'
    '<input type="hidden" name="d"><input type="submit">'
)
BROKEN = {
    "<h1>y</h1>": "one h1",
    '<p id="a"></p><p id="a"></p>': "stands twice",
    "<script>1</script>": "no script",
    '<p style="color: red">': "inline on p",
    '<p onclick="x">': "inline on p",
    '<p hx-on:click="x">': "inline on p",
    '<input name="a">': "input a has no label",
    '<label for="b">a</label><select id="c"></select>': "select None has no label",
    '<label>a <textarea name="b" spellcheck="true"></textarea></label>': "may read b",
    '</form><label>a <input name="b"></label>': "remembers b",
}


def answer(text: str) -> TestResponse:
    return TestResponse([text.encode()], "200 OK", {}, Request({}))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [PAGE.format(SOUND), "<tr><td>a part</td></tr>", ""])
def test_a_sound_page_passes(text: str) -> None:
    check_page(answer(text))


@pytest.mark.parametrize(("part", "said"), BROKEN.items())
def test_each_rule_is_seen_to_be_broken(part: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        check_page(answer(PAGE.format(part)))


@pytest.mark.parametrize(
    ("sound", "broken", "said"),
    [
        (">Portal<", ">Amira<", "the same word"),
        (' translate="no"', "", "translation"),
        (' spellcheck="false"', "", "checker"),
    ],
)
def test_around_it_each_rule_is_seen_to_be_broken(sound: str, broken: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        check_page(answer(PAGE.replace(sound, broken)))
