"""How a table is declared in the registry of fields."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.core.protection import DataSubject, FieldClass, KeyKind, Retention
from portal.domain.disclosure import FieldGroup


@dataclass(frozen=True, slots=True)
class Field:
    """What is known about one column."""

    table: str
    column: str
    field_class: FieldClass
    retention: Retention
    # Whom it is about, for the export that she may ask for.
    about: DataSubject
    # Which cells of the disclosure table open it; none for structure.
    groups: tuple[FieldGroup, ...]
    # What seals it; empty where it stands in clear.
    key: KeyKind | None

    @property
    def is_structure(self) -> bool:
        """Whether it only holds rows together: ids, references to other rows, versions."""
        return not self.groups and self.field_class is FieldClass.S1


class Part:
    """Some columns of a table that are treated alike. What is not said is taken from the table."""

    def __init__(
        self,
        columns: str,
        field_class: FieldClass,
        *groups: FieldGroup,
        key: KeyKind | None = None,
        about: DataSubject | None = None,
        retention: Retention | None = None,
    ) -> None:
        self.columns = columns.split()
        self.field_class = field_class
        self.groups = groups
        self.key = key
        self.about = about
        self.retention = retention


class Table:
    """One table: how long it is kept, whom it is about, its structural columns, and all others in parts."""

    def __init__(self, name: str, retention: Retention, about: DataSubject, structure: str, *parts: Part) -> None:
        self.name = name
        self.retention = retention
        self.about = about
        self.parts = (Part(structure, FieldClass.S1, about=DataSubject.NOBODY), *parts)

    def fields(self) -> Iterator[Field]:
        """Every column."""
        for part in self.parts:
            for column in part.columns:
                yield Field(
                    table=self.name,
                    column=column,
                    field_class=part.field_class,
                    retention=part.retention or self.retention,
                    about=part.about or self.about,
                    groups=part.groups,
                    key=part.key,
                )
