"""What people type about themselves, their teams and the organisation's lists."""

from teams.forms.profiles import AnswerForm, ProfileForm, ProposalForm

__all__ = ["AnswerForm", "ProfileForm", "ProposalForm"]
