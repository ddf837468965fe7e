"""Two people changed the same record: what each of them changed, and where they have to choose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

MINE: Final = "mine"
THEIRS: Final = "theirs"
PICKS: Final = frozenset({MINE, THEIRS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One fact in three versions: as both started from it, and as each of them wrote it."""

    name: str
    base: str
    mine: str
    theirs: str

    @property
    def is_conflict(self) -> bool:
        """Both changed it, differently: only a person can say which is right."""
        return self.mine != self.theirs and self.base not in (self.mine, self.theirs)

    @property
    def is_theirs_alone(self) -> bool:
        """Only the other one changed it, so theirs stands."""
        return self.mine == self.base != self.theirs

    @property
    def is_mine_alone(self) -> bool:
        return self.theirs == self.base != self.mine


def compare(
    *, names: Sequence[str], base: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]
) -> tuple[Field, ...]:
    """The facts that anybody changed, in the order of `names`."""
    fields = [Field(name=name, base=base[name], mine=mine[name], theirs=theirs[name]) for name in names]
    return tuple(field for field in fields if not field.base == field.mine == field.theirs)


def merged(fields: Sequence[Field], *, mine: Mapping[str, str], picks: Mapping[str, str]) -> dict[str, str]:
    """Mine, with theirs wherever only they changed it or theirs was taken."""
    taken = {
        field.name: field.theirs
        for field in fields
        if field.is_theirs_alone or (field.is_conflict and picks.get(field.name) == THEIRS)
    }
    return {**mine, **taken}


def undecided(fields: Sequence[Field], picks: Mapping[str, str]) -> tuple[Field, ...]:
    """Conflicts about which nobody has chosen yet."""
    return tuple(field for field in fields if field.is_conflict and picks.get(field.name) not in PICKS)
