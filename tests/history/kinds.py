"""Tests that hold for either kind of history."""

import pytest

on_both = pytest.mark.parametrize("history_settings", ["sqlite", "postgresql"], indirect=True)
"""For a test that uses the fixture `history`."""
