"""Runs a scenario from start to end: what runs, what is measured, what must hold, and what is written down."""
