"""What provokes each refusal, by topic."""
