"""What must not stand in our code, wherever it would be convenient.

ASVS 1.2.4, 1.2.5, 1.2.9, 1.3.2, 1.3.10, 1.5.1, 1.5.2, 3.2.2, 11.2.1, 11.3.1, 11.3.2, 11.4.1, 11.5.1, 13.2.4, 15.3.6.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "portal").rglob("*.py")) + [ROOT / "config.py"]
SCRIPTS = sorted((ROOT / "portal" / "static").glob("*.js"))

# Read objects that may do something while they are read, or a language that nobody here speaks.
READERS = {"pickle", "marshal", "shelve", "dill", "yaml", "xml", "lxml", "xmlrpc", "ctypes", "telnetlib", "ftplib"}
CALLED = {"eval", "exec", "compile", "__import__"}
RENDERED = {"render_template_string", "from_string", "Markup"}
WEAK = {"md5", "sha1"}
# Why each of these may: the story must be the same each time; the service of known passwords speaks SHA-1.
RANDOM = {"portal/demo"}
SHA1 = {"portal/breaches.py"}
# Who starts other programs: the command line and the packaged engine, with a list of words and never a shell.
PROGRAMS = {"portal/cli/frontend.py", "portal/cli/supervise.py", "portal/embedded_postgres.py"}
# Who asks another machine: the malware scanner of the house, mail, the service of known passwords, a municipality's
# provider, the demo's own mail taker.
ASKS_OUT = {
    "portal/mailer.py",
    "portal/breaches.py",
    "portal/oidc.py",
    "portal/uploads/scanner.py",
    "portal/blueprints/demo/routes.py",
}
CLIENTS = {"requests", "httpx", "aiohttp", "urllib.request", "http.client", "smtplib", "socket", "authlib", "sendgrid"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def is_among(path: Path, allowed: set[str]) -> bool:
    return any(name_of(path).startswith(one) for one in allowed)


@cache
def nodes() -> list[tuple[Path, ast.AST]]:
    """Everything that stands in the code, with the file in which it does."""
    return [(path, node) for path in MODULES for node in ast.walk(ast.parse(path.read_text()))]


def imports() -> Iterator[tuple[Path, str]]:
    for path, node in nodes():
        if isinstance(node, ast.Import):
            yield from ((path, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield path, node.module


def calls() -> Iterator[tuple[Path, str, ast.Call]]:
    """Every call with the last word of what is called."""
    for path, node in nodes():
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            yield path, name, node


def test_nothing_is_read_that_could_do_something_while_it_is_read() -> None:
    assert [(name_of(path), name) for path, name in imports() if name.partition(".")[0] in READERS] == []


def test_no_text_becomes_code_or_a_template() -> None:
    bare = [(name_of(path), name) for path, name, call in calls() if name in CALLED and isinstance(call.func, ast.Name)]
    assert bare == []
    assert [(name_of(path), name) for path, name, _call in calls() if name in RENDERED] == []


def test_sql_is_never_put_together_from_texts() -> None:
    """`text()` and `exec_driver_sql()` take a constant, or a name for one at the top of the module."""
    wrong = []
    for path, name, call in calls():
        if name not in ("text", "exec_driver_sql", "literal_column") or not call.args:
            continue
        is_sql = isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "sa") in ("sa", "connection")
        if is_sql and not is_constant(path, call.args[0]):
            wrong.append(f"{name_of(path)}:{call.lineno}")
    assert wrong == []


def is_constant(path: Path, node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return True
    given = {
        target.id: one.value
        for found, one in nodes()
        if found == path and isinstance(one, ast.Assign)
        for target in one.targets
        if isinstance(target, ast.Name)
    }
    return isinstance(node, ast.Name) and isinstance(given.get(node.id), ast.Constant)


def test_chance_is_drawn_where_nobody_can_foresee_it() -> None:
    found = [(name_of(path), name) for path, name in imports() if name in ("random", "uuid", "numpy.random")]
    assert [one for one in found if not is_among(ROOT / one[0], RANDOM)] == []


def test_no_weak_hash_is_used() -> None:
    found = [(path, name) for path, name, _call in calls() if name in WEAK]
    assert [name_of(path) for path, _name in found if not is_among(path, SHA1)] == []


def test_few_start_other_programs_and_none_by_a_shell() -> None:
    assert {name_of(path) for path, name in imports() if name == "subprocess"} == PROGRAMS
    shells = [name_of(path) for path, _name, call in calls() if any(word.arg == "shell" for word in call.keywords)]
    assert shells == []
    assert [name_of(path) for path, name, _call in calls() if name in ("system", "popen")] == []


def test_few_ask_other_machines_and_none_without_looking_at_the_certificate() -> None:
    asking = {name_of(path) for path, name in imports() if any((name + ".").startswith(one + ".") for one in CLIENTS)}
    assert {one for one in asking if not one.startswith(("portal/cli/", "portal/demo/"))} == ASKS_OUT
    loose = [name_of(path) for path, _name, call in calls() if any(word.arg == "verify" for word in call.keywords)]
    assert loose == []
    assert not [name_of(path) for path in MODULES if re.search(r"CERT_NONE|_create_unverified", path.read_text())]


DOORS = ("portal/services/account_codes.py", "portal/services/code_answers.py", "portal/services/code_app.py",
         "portal/services/recovery.py", "portal/services/sign_in.py", "portal/services/passkeys.py",
         "portal/services/sessions.py", "portal/services/devices.py", "portal/services/identity.py", "portal/web/",
         "portal/blueprints/auth/", "portal/blueprints/identity/", "portal/oidc.py")  # fmt: skip
SECRETS = {"code", "token", "state", "nonce", "secret", "otp", "password", "signature", "mac"}


def test_what_is_secret_is_looked_up_by_its_hash_or_compared_in_constant_time() -> None:
    compared = []
    for path, node in nodes():
        if not isinstance(node, ast.Compare) or not name_of(path).startswith(DOORS):
            continue
        sides = (node.left, *node.comparators)
        names = {getattr(side, "attr", getattr(side, "id", "")) for side in sides}
        is_plain = any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops)
        # What is compared with a number or a word of our own is no secret.
        if is_plain and SECRETS & names and not any(isinstance(side, ast.Constant) for side in sides):
            compared.append(f"{name_of(path)}:{node.lineno} {ast.unparse(node)}")
    assert compared == []


# Escapes every sign of the words it is given.
ESCAPER = "_spelt"


def _is_escaper(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == ESCAPER


def test_no_pattern_is_made_of_what_was_typed() -> None:
    """A pattern is a constant, or put together from constants of its own module, escaped where they are names."""
    wrong = []
    for path, name, call in calls():
        is_pattern = isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "re"
        if not is_pattern or name == "escape" or not call.args:
            continue
        pattern = call.args[0]
        if isinstance(pattern, ast.Call) and ast.unparse(pattern.func) == "re.escape":
            continue
        escaped = {id(part) for call in ast.walk(pattern) if _is_escaper(call) for part in ast.walk(call)}
        names = [part for part in ast.walk(pattern) if isinstance(part, ast.Name) and id(part) not in escaped]
        if any(not part.id.isupper() for part in names):
            wrong.append(f"{name_of(path)}:{call.lineno}")
    assert wrong == []


def test_no_format_is_made_of_what_was_typed() -> None:
    """A text with places to fill is a constant: one that came from outside could ask for more than it is given."""
    wrong = [f"{name_of(path)}:{call.lineno}" for path, name, call in calls() if name in ("format", "format_map")
             and isinstance(call.func, ast.Attribute) and "SQL(" not in ast.unparse(call.func.value)]  # fmt: skip
    for path, node in nodes():
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mod):
            continue
        if isinstance(node.right, ast.Dict | ast.Tuple) and not is_own_text(node.left):
            wrong.append(f"{name_of(path)}:{node.lineno}")
    assert wrong == []


def is_own_text(node: ast.expr) -> bool:
    """A constant, or one that is translated."""
    inner = node.args[0] if isinstance(node, ast.Call) and ast.unparse(node.func) == "_" and node.args else node
    return isinstance(inner, ast.Constant)


CIPHERS = {"portal/vault/cipher.py", "portal/vault/anchors.py", "portal/vault/certificates.py"}
# What the envelope for somebody else's certificate is made of: its standard asks for it; nothing of ours is kept so.
ENVELOPE = {"asymmetric.rsa", "ciphers.algorithms"}
# Where a file is taken in: small, read in memory by what is in it, never kept, its name not looked at (ASVS chapter 5).
TAKES_FILES = {"portal/blueprints/leaving/forms.py", "portal/web/uploads.py"}
FILE_PAGES = {"leaving/return.html", "documents/new.html", "imports/new.html"}


def test_only_the_vault_knows_a_cipher_and_it_is_one_that_notices_changes() -> None:
    found = [(name_of(path), name) for path, name in imports() if name.partition(".")[0] in ("cryptography", "Crypto")]
    assert {path for path, _name in found} == CIPHERS
    modes = {name for _path, name in found if ".ciphers" in name or ".asymmetric" in name}
    base = "cryptography.hazmat.primitives"
    envelope = {f"{base}.{name}" for name in ENVELOPE}
    assert modes == {f"{base}.ciphers.aead", f"{base}.asymmetric.ed25519"} | envelope
    assert {path for path, name in found if name in envelope} == {"portal/vault/certificates.py"}


def test_a_file_comes_in_by_two_doors_and_its_name_is_not_kept() -> None:
    """A certificate and a table are read and used; a paper is kept as it was made anew (ASVS chapter 5)."""
    texts = {name_of(path): path.read_text() for path in MODULES}
    assert {name for name, text in texts.items() if "FileField" in text} == TAKES_FILES
    assert not any("request.files" in text or "secure_filename" in text for text in texts.values())
    assert not any(".filename" in texts[name] or ".save(" in texts[name] for name in TAKES_FILES)
    folder = ROOT / "portal" / "templates"
    pages = {str(page.relative_to(folder)): page.read_text() for page in folder.rglob("*.html")}
    assert {name for name, text in pages.items() if "multipart" in text or 'type="file"' in text} == FILE_PAGES


WRITES_MARKUP = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|srcdoc"
RUNS_TEXT = r"\beval\(|new Function|setTimeout\(\s*[\"'`]|setInterval\(\s*[\"'`]|javascript:"
STORES = r"localStorage|indexedDB|\bcaches\.|serviceWorker|sessionStorage\.|sessionStorage\["
ASKS = r"https?://|XMLHttpRequest|WebSocket|EventSource|importScripts|window\.open|window\.postMessage"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
@pytest.mark.parametrize("banned", [WRITES_MARKUP, RUNS_TEXT, STORES, ASKS])
def test_a_script_writes_texts_and_keeps_and_asks_nothing(path: Path, banned: str) -> None:
    assert re.findall(banned, path.read_text()) == []


PROTOTYPES = r"__proto__|\.prototype\b|constructor\[|for \((?:const|let|var) \w+ in |\b(?:deepMerge|extend)\("


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_hangs_nothing_on_what_all_objects_share(path: Path) -> None:
    """Nor is anything stored under a name that came from outside, but under the two keys that are counted."""
    text = path.read_text()
    assert re.findall(PROTOTYPES, text) == []
    assert re.findall(r"(\w+)\[\w+\] = ", text) in ([], ["presses"])


def test_no_key_or_password_stands_in_the_code() -> None:
    shaped = re.compile(r"SG\.[\w-]{16,}\.[\w-]{16,}|-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|ghp_\w{30,}")
    kept = (".py", ".js", ".html", ".md", ".toml", ".ini", ".cfg", ".json", ".yml", ".txt", "")
    folders = ("portal", "migrations", "docs", "frontend", "bench", ".ci")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in kept]
    found = [name_of(path) for path in files if path.is_file() and shaped.search(path.read_text(errors="replace"))]
    assert found == []
