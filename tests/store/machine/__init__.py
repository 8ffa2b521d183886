"""Random commands from everybody at once, all invariants checked after each."""
