"""Casebaton beside its peers: both measured in the same run, in turn, so that only ratios are told."""
