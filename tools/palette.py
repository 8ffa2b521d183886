"""PNGs of 256 colours: a picture of a page has few, and takes half the room so."""

import base64
import struct
import zlib
from typing import Any

from playwright.async_api import Page

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Keeps the 256 most frequent colours and gives every other pixel the nearest of them.
REDUCE = """async (png) => {
    const image = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob());
    const { width, height } = image;
    const drawing = new OffscreenCanvas(width, height).getContext("2d");
    drawing.drawImage(image, 0, 0);
    const { data } = drawing.getImageData(0, 0, width, height);
    const at = (n) => (data[4 * n] << 16) | (data[4 * n + 1] << 8) | data[4 * n + 2];
    const counts = new Map();
    for (let n = 0; n < width * height; n++) counts.set(at(n), (counts.get(at(n)) ?? 0) + 1);
    const palette = [...counts].sort((one, other) => other[1] - one[1]).slice(0, 256).map(([colour]) => colour);
    const part = (one, other, by) => (((one >> by) & 255) - ((other >> by) & 255)) ** 2;
    const apart = (one, other) => part(one, other, 16) + part(one, other, 8) + part(one, other, 0);
    const places = new Map(palette.map((colour, place) => [colour, place]));
    const nearest = (colour) => {
        let best = 0;
        for (let n = 1; n < palette.length; n++) if (apart(palette[n], colour) < apart(palette[best], colour)) best = n;
        return best;
    };
    const pixels = new Uint8Array(width * height);
    for (let n = 0; n < pixels.length; n++) {
        const colour = at(n);
        if (!places.has(colour)) places.set(colour, nearest(colour));
        pixels[n] = places.get(colour);
    }
    let text = "";
    for (let n = 0; n < pixels.length; n += 32768) text += String.fromCharCode(...pixels.subarray(n, n + 32768));
    return { width, height, palette, pixels: btoa(text) };
}"""


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


async def reduce(page: Page, png: bytes) -> bytes:
    """The picture in 256 colours at most; `page` is any page of a browser that may fetch `data:`."""
    found: dict[str, Any] = await page.evaluate(REDUCE, base64.b64encode(png).decode())
    width, height, pixels = found["width"], found["height"], base64.b64decode(found["pixels"])
    rows = b"".join(b"\0" + pixels[start : start + width] for start in range(0, len(pixels), width))
    palette = b"".join(colour.to_bytes(3) for colour in found["palette"])
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(name, content) for name, content in chunks)
