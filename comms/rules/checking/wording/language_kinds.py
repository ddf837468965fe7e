"""What LanguageTool's types, categories and rules mean for a message: one table for all of its languages."""

from enum import Enum
from typing import Final


class Kind(Enum):
    """What a match is about; its value is the rule of the finding."""

    SPELLING = "spelling"
    GRAMMAR = "grammar"
    MENDABLE = "mendable"  # punctuation, spacing, typography: mended on one key
    STYLE = "style"
    OTHER = "other"  # a type that is not known here: a person looks


# By what decides first: the rule's own id, then its category, then its type (W3C's localization quality types).
_RULES: Final = {
    "UPPERCASE_SENTENCE_START": Kind.MENDABLE,
    "I_LOWERCASE": Kind.MENDABLE,
    "EN_CONTRACTION_SPELLING": Kind.SPELLING,
    "OXFORD_SPELLING_Z_NOT_S": Kind.STYLE,
    "OXFORD_SPELLING_GRAM": Kind.STYLE,
    "DATE_WEEKDAY": Kind.GRAMMAR,
    # Takes the verb of “This suits written work” for a noun.
    "THIS_NNS_VB": Kind.STYLE,
    # Right as people write: “oldest invoices first”, “neither are billing or claims”, “a short cut”, “nor were phone
    # lines”, “if a parcel will not scan”, “leave you guessing”, “you need do nothing”.
    "THE_SUPERLATIVE": Kind.STYLE,
    "NEITHER_NOR": Kind.STYLE,
    "SHORT_CUT": Kind.STYLE,
    "WERE_VBB": Kind.STYLE,
    "CONDITIONAL_CLAUSE": Kind.STYLE,
    "PRP_VBG": Kind.STYLE,
    "DO_TO": Kind.STYLE,
}
_CATEGORIES: Final = {
    "TYPOGRAPHY": Kind.MENDABLE,
    "PUNCTUATION": Kind.MENDABLE,
    "STYLE": Kind.STYLE,
    "REDUNDANCY": Kind.STYLE,
    "PLAIN_ENGLISH": Kind.STYLE,
    "REPETITIONS_STYLE": Kind.STYLE,
    "REPETITIONS": Kind.STYLE,
    "WORDINESS": Kind.STYLE,
    "CREATIVE_WRITING": Kind.STYLE,
    "COLLOCATIONS": Kind.STYLE,
    "COLLOQUIALISMS": Kind.STYLE,
    "GENDER_NEUTRALITY": Kind.STYLE,
    "REGIONALISMS": Kind.STYLE,
    "WIKIPEDIA": Kind.STYLE,
}
_TYPES: Final = {
    "misspelling": Kind.SPELLING,
    "grammar": Kind.GRAMMAR,
    "non-conformance": Kind.GRAMMAR,
    "numbers": Kind.GRAMMAR,
    "terminology": Kind.GRAMMAR,
    "addition": Kind.GRAMMAR,
    "omission": Kind.GRAMMAR,
    "whitespace": Kind.MENDABLE,
    "typographical": Kind.MENDABLE,
    "style": Kind.STYLE,
    "register": Kind.STYLE,
    "inconsistency": Kind.STYLE,
    "formatting": Kind.STYLE,
    "length": Kind.STYLE,
    "characters": Kind.STYLE,
}
# Where neither says more: a misspelling by its category, whatever its type.
_LAST_RESORT: Final = {
    "TYPOS": Kind.SPELLING,
    "GRAMMAR": Kind.GRAMMAR,
    "CONFUSED_WORDS": Kind.GRAMMAR,
    "CASING": Kind.MENDABLE,
}
# Rules that compare a paragraph with its neighbours, by the end of their names, in any language. Repeated beginnings,
# one spelling throughout, brackets and quotes over several paragraphs: all style or typography, which only advise.
_WHOLE_TEXT: Final = (
    "_WORD_REPEAT_BEGINNING_RULE",
    "_REPEAT_BEGINNING_RULE",
    "_WORD_COHERENCY_RULE",
    "_WORD_COHERENCY",
    "_REPEATEDWORDS",
    "_UNPAIRED_BRACKETS",
    "UNPAIRED_BRACKETS",
    "_UNPAIRED_QUOTES",
    "TOO_LONG_PARAGRAPH",
    "PHRASE_REPETITION",
)
# Rules that look at what stands before a paragraph, where its first word is concerned.
_AT_START: Final = frozenset({"UPPERCASE_SENTENCE_START"})


def kind_of(*, rule_id: str, category: str, issue_type: str) -> Kind:
    """What a match is about."""
    return (
        _RULES.get(rule_id)
        or _CATEGORIES.get(category)
        or _TYPES.get(issue_type)
        or _LAST_RESORT.get(category)
        or Kind.OTHER
    )


def needs_neighbours(rule_id: str, *, at_start: bool) -> bool:
    """Whether a rule's answer about a paragraph would be another one beside other paragraphs."""
    return rule_id.endswith(_WHOLE_TEXT) or (at_start and rule_id in _AT_START)
