"""What readers answer, and where their answers go."""
