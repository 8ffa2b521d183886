"""Load figures: each has a name, an objective, and one command that measures it."""
