"""Who works by name of the system, where no wall stands: each place is known and has a reason."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2] / "portal"
# File → how often, and why nobody's own sight would do.
USES = {
    "blueprints/auth/routes.py": (1, "sign-in: there is no actor yet"),
    "cli/organisations.py": (1, "the command line acts for nobody"),
    "cli/reference.py": (1, "the command line acts for nobody"),
    "demo/story.py": (1, "the story is told by the command line"),
    "jobs/runner.py": (2, "scheduled work acts for nobody"),
    "services/claims.py": (2, "a volunteer's report settles everybody's task, and her concern reaches a team unseen"),
    "services/deadlines.py": (1, "one person's act changes another's work list, by exact key"),
    "services/messages.py": (1, "one person tells another, and may not read what she is told"),
    "services/users.py": (1, "an administrator sees no case, and ends what somebody did in all of them"),
}


def test_every_use_of_the_system_scope_is_known() -> None:
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        number = len(re.findall(r"\bas_system\(\)", path.read_text()))
        if number and path.name != "wall.py":
            found[str(path.relative_to(ROOT))] = number
    assert found == {name: number for name, (number, _why) in USES.items()}, (
        "as_system() opens every case. Is there no narrower way? Then write down here why."
    )
