"""The views that a BI tool may rely on: name -> SELECT, in the words of both databases."""

VIEWS: dict[str, str] = {}
