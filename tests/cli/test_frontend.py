"""What the browser is given: ours alone, complete, and none of it from elsewhere."""

import re
import subprocess
import sys

from config import ROOT
from portal.cli import frontend

VENDOR = ROOT / "portal" / "static" / "vendor"


def test_every_file_that_the_style_sheet_names_is_there():
    sheet = VENDOR / "css" / "theme.css"
    css = sheet.read_text(encoding="utf-8")
    named = {address for address in re.findall(r'url\("?([^")]+)"?\)', css) if not address.startswith("data:")}
    assert len(named) > 20
    assert sorted(address for address in named if not (sheet.parent / address).is_file()) == []


def test_only_the_allowed_fonts_and_no_logo_are_served():
    names = {path.name for path in VENDOR.rglob("*") if path.is_file()}
    fonts = {name for name in names if name.endswith((".woff", ".woff2", ".ttf"))}
    # For browsers, and for the papers that are set as PDF.
    assert fonts == {f"IBMPlexSans-{name}.{kind}" for name in frontend.FONTS for kind in ("woff2", "ttf")}
    assert not [name for name in names if "logo" in name]
    assert {"LICENSE.txt", "LICENSE.md"} <= names


def test_a_foreign_font_face_and_a_logo_are_taken_out():
    css = (
        '@font-face{font-family:"x";src:url("../fonts/complete/woff2/IBMPlexSans-Bold.woff2") format("woff2"),'
        'url("../fonts/complete/woff/IBMPlexSans-Bold.woff") format("woff");font-display:swap}'
        '@font-face{font-family:"x";src:url("../fonts/complete/woff2/IBMPlexSans-Thin.woff2") format("woff2")}'
        '.a{background:url("../img/logo-placeholder.png")}'
    )
    assert frontend._only_ours(css) == (
        '@font-face{font-family:"x";src:url("../fonts/IBMPlexSans-Bold.woff2") format("woff2");font-display:swap}'
        ".a{background:none}"
    )


def test_a_second_build_does_nothing():
    frontend.build(lambda words: None)
    said = []
    frontend.build(said.append)
    assert said == []


def test_no_lock_names_an_address():
    for lock in ("requirements.lock", "requirements-dev.lock", "requirements-node.lock"):
        assert "://" not in (ROOT / lock).read_text()
    packages = (ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in packages
    assert packages.count('"integrity"') >= 3


def test_the_command_line_starts_without_the_application():
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, portal.cli; print('flask' in sys.modules, 'sqlalchemy' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert loaded.stdout.split() == ["False", "False"]
