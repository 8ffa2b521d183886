"""Casebaton: a self-hosted real-time dispatch server."""

__version__ = "0.1.0"
