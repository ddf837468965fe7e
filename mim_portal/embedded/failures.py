"""What can go wrong while the house is started, always said in one line that names the remedy."""


class Failure(Exception):
    """One line for the person at the terminal: what happened and what to do. Ends the run with a non-zero exit."""

    def __init__(self, message: str, *, details: str = "") -> None:
        super().__init__(message)
        self.details = details
