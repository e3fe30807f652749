"""Who works by name of the system, where no wall stands: each place is known and has a reason."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2] / "portal"
# File → how often, and why nobody's own sight would do.
USES = {
    "blueprints/auth/codes.py": (1, "a code is answered before there is an actor"),
    "blueprints/auth/enter.py": (3, "sign-in: there is no actor yet"),
    "blueprints/identity/routes.py": (3, "sign-in through a municipality: there is no actor yet"),
    "cli/audit.py": (4, "the command line acts for nobody"),
    "cli/database.py": (1, "the command line acts for nobody"),
    "cli/organisations.py": (1, "the command line acts for nobody"),
    "cli/reference.py": (1, "the command line acts for nobody"),
    "cli/vault.py": (6, "the command line acts for nobody"),
    "demo/national/load.py": (1, "the national set is laid down by nobody"),
    "demo/story.py": (1, "the story is told by the command line"),
    "jobs/runner.py": (2, "scheduled work acts for nobody"),
    "queries/activities.py": (1, "how many came in all is a number; who, each team ticks for its own cases"),
    "queries/apart.py": (2, "whoever places sees a part of a case, or none; ids and what is off a board come of it"),
    "queries/audit.py": (2, "the trail of one's own people also names cases of others, by reference alone"),
    "queries/children.py": (1, "a house's figures leave no child out; three numbers come of it"),
    "queries/counselling_figures.py": (1, "a house's figures leave nobody out; numbers come of it, and nothing else"),
    "queries/counselling_unmet.py": (
        2,
        "her municipality is told what the notice told it: a number, two days, a house; no case and no way into it",
    ),
    "queries/day_news.py": (
        1,
        "what colleagues did in one's own cases is read from the trail: kinds alone",
    ),
    "queries/emergencies.py": (
        4,
        "a case is found by its reference before anybody has a tie to it; a use counts and is looked at though the"
        " case is blocked or erased since",
    ),
    "queries/ended_courses.py": (
        3,
        "a lead lets a course of her house go on, and sees no case: days, a programme",
    ),
    "queries/enquiries.py": (1, "a month is counted with those that became cases; numbers alone come out"),
    "queries/enrolments.py": (1, "whoever gives a place names the case by an id that she may not have seen"),
    "queries/first_meetings.py": (
        2,
        "who sends a notice sees no adviser's part: whether her house and the woman have met, yes or no",
    ),
    "queries/hand_over_receipts.py": (1, "which lines are about a case that keeps the reader out, she may not ask"),
    "queries/hand_overs.py": (1, "who runs the house sees no case, and hands over what somebody else has"),
    "queries/slips.py": (1, "whether something was saved along with a contact is read from the trail: a yes comes out"),
    "queries/misplaced.py": (
        1,
        "the second person may not see the other case: whether it is still open and the asker's, yes or no",
    ),
    "queries/organisation_exits.py": (1, "an administrator counts cases"),
    "queries/last_checks.py": (
        1,
        "who ends a course may see nothing of her safety: whether somebody has looked, yes or no",
    ),
    "queries/lead_tiles.py": (2, "what waits at a house leaves no case out: numbers, and rows without any name"),
    "queries/silence.py": (2, "how long it has been quiet in the cases of her house: days and numbers, no case"),
    "queries/safe_contact.py": (2, "how she may be reached is asked for whoever plans a call, also without her case"),
    "queries/transfers.py": (3, "an offered case is not the receiver's yet, and no more the giver's once it is taken"),
    "queries/organisation_returns.py": (3, "who finishes leaving sees no case, and receives all of the own house's"),
    "queries/imports.py": (
        2,
        "a number that a colleague brought in is known again; how many files a house began",
    ),
    "queries/returning.py": (2, "a closed file is found by what she says of herself, before anybody is on its team"),
    "queries/ladder.py": (1, "a late request is given to somebody by a lead, who sees no case"),
    "queries/programme_versions.py": (
        1,
        "a lead sees no case, and is told how many began with which version of her programme; numbers alone come out",
    ),
    "queries/reviews.py": (
        2,
        "alarms and drawn looks of one's own people also name cases of others, by reference alone",
    ),
    "queries/reviewers.py": (1, "who else explains a look is asked also of a case that keeps the asker out"),
    "queries/safety.py": (
        1,
        "an officer sees no team and no courses, and is asked whether something ends; a yes comes out",
    ),
    "queries/standing.py": (1, "whoever plans a meeting with her is stopped when she has died; nothing else comes out"),
    "queries/stays.py": (2, "whether she has stayed here before, and how many have: days and numbers, no case"),
    "queries/teamless.py": (4, "intake is told of cases that nobody works on, and sees no case"),
    "queries/take_overs.py": (
        2,
        "who is asked for a course sees it under another name, and its case when she says yes",
    ),
    "queries/tenancies.py": (1, "to whoever is kept out of a case, the home of hers must not pass for an empty one"),
    "queries/workerless.py": (4, "who gives a course away sees no case and no course"),
    "queries/workers.py": (2, "who is kept out is told to nobody who gives a course, and yet she gets none"),
    "services/absences.py": (2, "who runs the house sees no case, and puts a deputy on teams"),
    "services/access_export.py": (2, "everything of hers goes into her file, also what its maker does not see"),
    "services/acquaintance.py": (1, "a volunteer closes a case to herself that she does not see"),
    "services/alert_rules.py": (1, "whether she has a case elsewhere is known to nobody here; an officer is told"),
    "services/alerts.py": (1, "an alarm is raised by whoever sets it off, who is not told of it"),
    "services/bridge.py": (2, "who gives a course elsewhere takes over, and sees neither her stays nor her list"),
    "services/break_glass.py": (
        2,
        "nobody writes herself into a case but by the rules of an emergency; one of an erased case is settled too",
    ),
    "services/standing.py": (1, "what every house has planned with her is called off at once when she has died"),
    "services/take_overs.py": (2, "she says yes or no to a course of a case that is not hers yet"),
    "services/transfers.py": (
        2,
        "a case that comes from another organisation is not one's own before it is taken",
    ),
    "services/apart.py": (2, "what one team says ends or begins what another has been asked"),
    "services/course_returns.py": (1, "a course that goes on is her team's again, whom the lead does not see"),
    "services/claims.py": (1, "a volunteer's report settles the task of everybody"),
    "services/consent_losses.py": (1, "she is let go of by a house whose seats, dates and meetings are its own to see"),
    "services/consents.py": (1, "news of what she no longer consents to is taken from others' inboxes"),
    "services/cutting_off.py": (2, "who is kept out loses seat, tasks, dates and news, which are hers alone to see"),
    "services/deadlines.py": (5, "one person's act changes another's work list, by exact key"),
    "services/erasure.py": (3, "erasing takes what nobody may take away, also where the eraser has never looked"),
    "services/groups.py": (1, "she is seated with no leader who is kept out of her case, and the giver knows of none"),
    "services/hand_overs.py": (1, "who runs the house sees no case, and hands over what somebody else has"),
    "services/leavers.py": (1, "an administrator sees no case, and ends what somebody did in all of them"),
    "services/note_children.py": (1, "a link of a note to a child is taken off by nobody but who puts the note aside"),
    "services/note_content.py": (
        2,
        "a note is written where it belongs by a second person, who may not see that case: it is held and written to",
    ),
    "services/messages.py": (2, "one person tells another, and may not read what she is told"),
    "services/placements.py": (3, "who must not meet whom is asked of cases that whoever places does not see"),
    "services/places.py": (
        2,
        "where she lives is forgotten by her team and kept by no coordinator, though neither sees both case and home",
    ),
    "services/probing.py": (1, "the trail says which case somebody was refused, and she must not see that it is there"),
    "services/returning.py": (1, "she is back, and whoever receives her is not on the team of her old file yet"),
    "services/reveals.py": (
        1,
        "a look holds the row of access to a case, also a volunteer's, who sees no case; none is read",
    ),
    "services/task_holds.py": (
        3,
        "what is at her home waits at every house, also unseen by who acts; who publishes a task is not told why",
    ),
    "services/teamless.py": (
        2,
        "intake gives a case to somebody, also the one that it has just opened, and sees no case",
    ),
    "services/safe_contact.py": (
        2,
        "what was stopped stands on the list of whoever wanted it, in a case she may not see",
    ),
    "services/visits.py": (1, "what furnishes her home waits at every house, also unseen by who acts"),
    "services/request_undo.py": (
        1,
        "an answer is undone with the course, the team and the work list that it made, which its giver does not see",
    ),
    "services/waiting.py": (
        4,
        "who comes before on a list may be hidden from whoever offers the place, or puts one first, and is marked too",
    ),
    "services/worries.py": (1, "a volunteer's concern reaches those who work with the woman, whom she does not see"),
    "services/workerless.py": (1, "a course is given away by somebody who sees none of it"),
    "services/watch_matches.py": (2, "an account is compared with all lists, and the one who made it sees none"),
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
