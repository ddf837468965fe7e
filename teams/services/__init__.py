"""The verbs of teams: profiles are revised and confirmed by the team that owns them."""
