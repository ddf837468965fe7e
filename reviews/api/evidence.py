"""teams/{slug}/evidence/: time to engage before and after a confirmed profile, of one team."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mim_portal.api.permissions import Access
from reviews.api.base import ReviewsView, answer
from reviews.queries import evidence
from reviews.rules import evidence as rules
from reviews.rules.statistics import Standing
from teams.models import Team
from teams.rules import roles


def _numbers(help_text: str, *, nullable: bool = True) -> serializers.ListField:
    return serializers.ListField(child=serializers.FloatField(), allow_null=nullable, help_text=help_text)


class ComparisonShape(serializers.Serializer[Any]):
    """Before and after at one kind of hour, in minutes. Under eight on a side there are only the times themselves."""

    in_hours = serializers.BooleanField(help_text="Asked while the team was at work, by its hours and holidays.")
    evidence = serializers.ChoiceField(choices=[one.value for one in Standing])
    before = _numbers("Every time, shortest first.", nullable=False)
    after = _numbers("Every time, shortest first.", nullable=False)
    medians = _numbers("Before, after.")
    ratio = serializers.FloatField(allow_null=True, help_text="Median after through median before; under 1 is faster.")
    interval = _numbers("95 % of the ratio.")
    chance = serializers.FloatField(
        allow_null=True, help_text="How often shuffled labels differ at least as much (permutation test)."
    )
    verdict = serializers.ChoiceField(choices=[one.value for one in rules.Verdict], allow_null=True)


class EvidenceShape(serializers.Serializer[Any]):
    """One team compared with itself; nothing ranks teams."""

    team = serializers.SlugField()
    confirmed_at = serializers.DateTimeField(allow_null=True, help_text="When “after” begins.")
    comparisons = ComparisonShape(many=True)
    not_joined = serializers.IntegerField(help_text="Calls without a recorded time of joining.")
    invalid = serializers.IntegerField(help_text="Calls whose team joined no later than it was asked.")
    confounders = serializers.ListField(child=serializers.CharField())


class TeamEvidence(ReviewsView):
    """Over the incidents that the caller may see."""

    access = {"read": Access("read", roles.REVIEW_READERS)}

    @extend_schema(tags=["teams"], responses=EvidenceShape)
    def get(self, request: Request, slug: str) -> Response:
        team = Team.objects.filter(slug=slug).first()
        if team is None:
            raise exceptions.NotFound("There is no such team.")
        found = evidence.of_team(team, viewer=self.person())
        return answer(
            {
                "team": team.slug,
                "confirmed_at": found.confirmed_at,
                "comparisons": [_shape(in_hours, one) for in_hours, one in found.strata.items()],
                "not_joined": found.missing,
                "invalid": found.invalid,
                "confounders": rules.CONFOUNDERS,
            }
        )


def _shape(in_hours: bool, one: rules.Comparison) -> dict[str, Any]:
    return dict(ComparisonShape({**_fields(one), "in_hours": in_hours}).data)


def _fields(one: rules.Comparison) -> dict[str, Any]:
    names = ("before", "after", "medians", "ratio", "interval", "chance", "verdict")
    return {name: getattr(one, name) for name in names} | {"evidence": one.standing}
