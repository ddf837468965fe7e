"""The organisation's own templates, and their versions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from comms.models import Audience, MessageTemplate, TemplateVersion
from comms.rules import templates as rules
from comms.rules.templates import Parts, Reader
from mim_portal.lib import word_diff


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one part, word by word."""

    name: str
    pieces: tuple[word_diff.Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A version, and how it differs from the one before."""

    version: TemplateVersion
    changes: tuple[Change, ...]


def reader(audience: Audience) -> Reader:
    return Reader(
        code=audience.code,
        is_technical=audience.is_technical,
        is_plain=audience.is_plain,
        is_public=audience.is_public,
    )


def lead(audiences: Iterable[Audience]) -> Audience | None:
    """The audience whose template one text for all of them begins with."""
    by_code = {audience.code: audience for audience in audiences}
    found = rules.lead([reader(audience) for audience in by_code.values()])
    return by_code[found.code] if found else None


def own(*, kind: str, audience: Audience) -> MessageTemplate | None:
    """The organisation's template, in use or not."""
    return MessageTemplate.objects.filter(kind=kind, audience=audience, language=settings.LANGUAGE_CODE).first()


def newest(template: MessageTemplate) -> TemplateVersion | None:
    return versions(template).first()


def versions(template: MessageTemplate) -> QuerySet[TemplateVersion]:
    """Every saved state, newest first."""
    return TemplateVersion.objects.filter(template=template).select_related("author").order_by("-number")


def in_use(*, kind: str, audience: Audience) -> TemplateVersion | None:
    """What stands in for the built-in template now, if anything does."""
    return (
        TemplateVersion.objects.filter(
            template__kind=kind,
            template__audience=audience,
            template__language=settings.LANGUAGE_CODE,
            template__is_in_use=True,
        )
        .select_related("template")
        .order_by("-number")
        .first()
    )


def every() -> list[MessageTemplate]:
    """All of the organisation's templates in its language."""
    return list(MessageTemplate.objects.filter(language=settings.LANGUAGE_CODE).select_related("audience"))


def faulty() -> list[MessageTemplate]:
    """Templates for which the built-in one stood in, since they were last saved."""
    return [template for template in every() if template.fault and template.is_in_use]


def parts(version: TemplateVersion | None) -> Parts:
    if version is None:
        return Parts()
    return Parts(**{name: getattr(version, name) for name in rules.PARTS})


def history(newest_first: Sequence[TemplateVersion]) -> list[Saved]:
    """Each version with its changes; the oldest of them has none."""
    older = [*newest_first[1:], None][: len(newest_first)]
    return [
        Saved(version=version, changes=_changes(before, version) if before else ())
        for version, before in zip(newest_first, older, strict=True)
    ]


def _changes(before: TemplateVersion, after: TemplateVersion) -> tuple[Change, ...]:
    return tuple(
        Change(name=name, pieces=word_diff.diff(getattr(before, name), getattr(after, name)))
        for name in rules.PARTS
        if getattr(before, name) != getattr(after, name)
    )
