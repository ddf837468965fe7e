"""What people type about themselves, their teams and the organisation's lists."""

from teams.forms.profiles import PROFILE_TEXTS, AnswerForm, ProfileForm, ProposalForm

__all__ = ["PROFILE_TEXTS", "AnswerForm", "ProfileForm", "ProposalForm"]
