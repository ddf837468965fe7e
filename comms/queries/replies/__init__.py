"""What readers answer: where their replies go, and those that the portal takes in."""
