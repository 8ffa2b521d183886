"""Refuse to build a wheel without the built web pages: such a wheel would install and then answer 404."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FILES = ("agent.html", "supervisor.html", "index.html", "sw.js", "manifest.webmanifest")


class BuiltWeb(BuildHookInterface[Any]):
    """Verify that `npm run build` has run. Never runs npm itself; an editable install does without."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (hatchling's signature)
        if version == "editable":
            return
        for name in FILES:
            page = Path(self.root, "src/casebaton/_web", name)
            if not page.is_file():
                raise FileNotFoundError(
                    f"{page} is missing: run `make setup` (or `npm ci && npm run build` in web/) first"
                )
