"""What comms speaks to outside, each with an in-memory twin for tests."""
