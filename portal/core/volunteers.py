"""What a volunteer must have in order before she takes a task."""

from enum import StrEnum


class Requirement(StrEnum):
    """One thing that can stand between a volunteer and a task."""

    ACTIVE = "active"
    READY = "ready"
    PLEDGE = "pledge"
    TRAINING = "training"
    CERTIFICATE = "certificate"
