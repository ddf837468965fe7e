"""How a profile grows: changes that others propose to the team, and whether it proved right when it was used."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from mim_portal.lib import labels
from teams.choices import ProfileField, ProposalState
from teams.models.profile import EngagementProfile
from teams.models.team import Team


class ProfileProposal(models.Model):
    """Other words for one field, with the reason; the team takes them up or says why not."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="proposals")
    field = models.CharField(max_length=20, choices=ProfileField.choices)
    text = models.TextField(blank=True)  # what the field would say; facts one a line
    reason = models.TextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ProposalState.choices, default=ProposalState.OPEN)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    made = models.ForeignKey(EngagementProfile, models.CASCADE, null=True, related_name="+")  # the version it became

    class Meta:
        indexes = [models.Index(fields=["proposed_by", "-proposed_at"], name="proposals_of_a_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ProposalState.OPEN, answered_by=None, answered_at=None)
                | Q(~Q(state=ProposalState.OPEN), answered_by__isnull=False, answered_at__isnull=False),
                name="proposal_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.ACCEPTED, made__isnull=False)
                | Q(~Q(state=ProposalState.ACCEPTED), made=None),
                name="accepted_proposal_made_a_version",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.REJECTED) | ~Q(answer=""), name="rejected_proposal_has_words"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="proposal_has_a_reason"),
        ]

    get_state_display = labels.display("state", ProposalState)
    get_field_display = labels.display("field", ProfileField)

    def __str__(self) -> str:
        return f"{self.team_id} {self.field}"


class ProfileVote(models.Model):
    """Whether a version proved right when the team was called by it. Who said so is kept to count each once."""

    profile = models.ForeignKey(EngagementProfile, models.CASCADE, related_name="votes")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    is_accurate = models.BooleanField()
    voted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "person"], name="one_vote_per_version_and_person")]

    def __str__(self) -> str:
        return f"{self.profile_id}"
