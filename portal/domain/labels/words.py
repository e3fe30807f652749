"""The shape of an area's words: pairs, because values of different vocabularies may be equal as text."""

from enum import StrEnum

Words = tuple[tuple[StrEnum, object], ...]
