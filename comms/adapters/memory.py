"""In-memory twins of what comms speaks to outside, for tests: same calls, same failures, no network."""

from dataclasses import dataclass, field

from comms.adapters.languagetool import LanguageUnavailable
from comms.rules.checking.wording.language import LanguageMatch


@dataclass
class Language:
    """Knows some misspelt words; `down` refuses as the real one does when it cannot be reached in time."""

    misspelt: dict[str, str] = field(default_factory=dict)
    down: bool = False
    checked: list[str] = field(default_factory=list)

    def check(self, text: str, *, language: str) -> list[LanguageMatch]:
        """The first place of every misspelt word; offsets count UTF-16 units, as the server's do."""
        if self.down:
            raise LanguageUnavailable("down in this test")
        self.checked.append(text)
        return [
            LanguageMatch(
                offset=len(text[: text.index(wrong)].encode("utf-16-le")) // 2,
                length=len(wrong.encode("utf-16-le")) // 2,
                message="Possible spelling mistake found.",
                rule_id="MORFOLOGIK_RULE_EN_GB",
                category="TYPOS",
                issue_type="misspelling",
                replacements=(right,),
            )
            for wrong, right in self.misspelt.items()
            if wrong in text
        ]
