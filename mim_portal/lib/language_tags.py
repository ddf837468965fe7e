"""Tags of languages as LanguageTool and HTML write them: en-GB, de-CH, fr."""


def primary(tag: str) -> str:
    """The language without its country or script, in small letters: 'de' of 'de-CH'."""
    return tag.partition("-")[0].lower()
