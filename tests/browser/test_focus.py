"""Where the keyboard stands is seen on every ground."""

from collections.abc import Callable

import pytest

from tests.browser.walker import Walker

Enter = Callable[..., Walker]
# The ring of what has focus, and the ground that it is drawn on: inside the thing, or around it. A ring with a second
# one of another colour around it is seen on any ground.
RING = """() => {
    const node = document.activeElement, style = getComputedStyle(node);
    const numbers = (text) => text.match(/[\\d.]+/g).map(Number);
    const light = (text) => {
        const part = (value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
        const [red, green, blue] = numbers(text).map(part);
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const ground = (from) => {
        for (let one = from; one; one = one.parentElement) {
            const colour = getComputedStyle(one).backgroundColor;
            if ((numbers(colour)[3] ?? 1) > 0.5) return colour;
        }
        return "rgb(255, 255, 255)";
    };
    const against = style.boxShadow !== "none" ? style.boxShadow.match(/rgba?\\([^)]*\\)/)[0]
        : ground(parseFloat(style.outlineOffset) < 0 ? node : node.parentElement);
    const [lower, higher] = [light(style.outlineColor), light(against)].sort((a, b) => a - b);
    const name = `${node.tagName} ${node.name || ''} ${node.textContent.trim().slice(0, 30)}`;
    return [name, style.outlineStyle === "solid" ? (higher + 0.05) / (lower + 0.05) : 0];
}"""


@pytest.mark.parametrize(("width", "path"), [(1360, "/day"), (390, "/day"), (390, "/help")])
def test_the_ring_stands_out_from_its_ground(walker: Enter, width: int, path: str) -> None:
    katrine = walker("katrine", width=width).go(path)
    if width == 390 and path == "/day":
        katrine.page.get_by_text("Menu", exact=True).click()
    keyboard, seen = katrine.page.keyboard, {}
    for _ in range(45):
        keyboard.press("Tab")
        if katrine.page.evaluate("document.activeElement === document.body"):
            break
        # A heading or a part of the page that takes focus has a sign of its own.
        name, contrast = katrine.page.evaluate(RING)
        seen[name] = contrast
    assert len(seen) > 5
    assert {name: contrast for name, contrast in seen.items() if contrast < 3} == {}


# Whether the thing with the focus is seen at both its ends and in its middle.
IS_WHOLE = """() => {
    const node = document.activeElement, box = node.getBoundingClientRect();
    const at = [box.left + 4, box.left + box.width / 2, box.right - 4];
    return at.every((x) => node.contains(document.elementFromPoint(x, box.top + box.height / 2)));
}"""


def test_on_a_telephone_each_tab_of_the_case_is_seen_whole_when_a_key_comes_to_it(walker: Enter) -> None:
    katrine = walker("katrine", width=390).go("/cases/")
    case = katrine.main.locator("a[href^='/cases/']").evaluate_all("all => all.map(a => a.pathname)")
    katrine.go(f"{next(path for path in case if len(path) == len('/cases/') + 22)}/notes")
    tabs = katrine.page.locator(".file-parts a")
    tabs.first.focus()
    for _ in range(tabs.count()):
        assert katrine.page.evaluate(IS_WHOLE), katrine.page.evaluate("document.activeElement.textContent")
        katrine.page.keyboard.press("Tab")
