"""When something may be done: the one engine under all tables of steps.

An area's table maps an action to its `Step`. Who is asked before when: a stranger never learns the state (R-002).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Permission, Role
from portal.core.errors import NotNow, Stale
from portal.domain.permissions import can, require

A = TypeVar("A", bound=StrEnum)
S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Step(Generic[S]):
    """From which states an action leads where, who does it, and what the audit trail says."""

    sources: frozenset[S]
    target: S
    permission: Permission
    audit: Audit
    # Where else it may lead: a step that undoes another leads back to where that one began, by the history.
    back_to: frozenset[S] = frozenset()


def check_step(table: Mapping[A, Step[S]], action: A, state: S, actor: Actor) -> Step[S]:
    """The step to take. Raises Forbidden for the wrong role, then NotNow for the wrong moment (R-002)."""
    step = table[action]
    if actor.role is not Role.SYSTEM:
        require(actor, step.permission)
    if state not in step.sources:
        raise NotNow
    return step


def available_actions(table: Mapping[A, Step[S]], state: S, actor: Actor) -> list[A]:
    """The actions that this actor could take now, in the order of the table: what the page offers as buttons."""
    return [action for action, step in table.items() if state in step.sources and can(actor, step.permission)]


def check_version(seen: int | None, current: int) -> None:
    """Raise Stale when somebody saved after the page was opened (R-009). None: the caller has no page."""
    if seen is not None and seen != current:
        raise Stale
