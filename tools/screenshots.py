"""`python -m tools.screenshots`: a picture of every screen of the pages, in docs/pictures."""

import asyncio
from pathlib import Path
from typing import Any

import click

from loadtest.browser import open_browser
from loadtest.report import Skipped
from tools.centre import open_centre
from tools.palette import reduce
from tools.screens import SCREENS, walk

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
PAST_DAYS = 14  # what is shown, and the period before
WIDE = {"width": 1280, "height": 800}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": WIDE, "color_scheme": "light"},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "color_scheme": "light"},
}
QUIET = {"reduced_motion": "reduce", "locale": "en-GB", "timezone_id": "UTC"}
SETTLED = "document.fonts.ready.then(() => new Promise(requestAnimationFrame))"


async def take(directory: Path) -> int:
    """Write all pictures; how many bytes they have. A desk of its own for each look, so that all show the same day."""
    size = 0
    async with open_browser() as browser:
        easel = await browser.new_page()
        for look, options in LOOKS.items():
            async with open_centre(PAST_DAYS) as centre:
                for name in SCREENS:
                    async for screen, page in walk(centre, browser, name, **QUIET, **options):
                        await page.evaluate(SETTLED)
                        picture = await reduce(easel, await page.screenshot())
                        size += (directory / f"{name}-{screen}-{look}.png").write_bytes(picture)
    return size


@click.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=PICTURES)
def main(out: Path) -> None:
    """Stage a service desk, sign in to both pages, and take a picture of each screen: light, dark, on a phone."""
    out.mkdir(parents=True, exist_ok=True)
    try:
        size = asyncio.run(take(out))
    except Skipped as skipped:
        raise click.ClickException(str(skipped)) from skipped
    click.echo(f"{size / 1_000_000:.1f} MB in {out}")


if __name__ == "__main__":
    main()
