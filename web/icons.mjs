// The icons: a baton on teal. Drawn here, as SVG and, for where only pixels will do, as PNG.
import * as zlib from "node:zlib";

const TEAL = [10, 100, 107];
const SIDE = 32; // of the drawing's grid
const STROKE = { from: [9, 23], to: [23, 9], width: 5 };
const SAMPLES = 4; // per pixel and direction, for smooth edges

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="rgb(${TEAL})"/><path d="M9 23 23 9" stroke="#fff" stroke-width="5" stroke-linecap="round"/></svg>\n`;

/** Is the point on the baton? `scale` draws it smaller, for icons that are cut to any shape. */
function isOnBaton(x, y, scale) {
  const [px, py] = [x, y].map((value) => (value - SIDE / 2) / scale + SIDE / 2);
  const [dx, dy] = [STROKE.to[0] - STROKE.from[0], STROKE.to[1] - STROKE.from[1]];
  const along = ((px - STROKE.from[0]) * dx + (py - STROKE.from[1]) * dy) / (dx * dx + dy * dy);
  const at = Math.max(0, Math.min(1, along));
  return Math.hypot(px - STROKE.from[0] - at * dx, py - STROKE.from[1] - at * dy) <= STROKE.width / 2;
}

/** Is the point in the rounded square? */
function isInside(x, y, radius) {
  const [dx, dy] = [x, y].map((value) => Math.max(radius - value, value - (SIDE - radius), 0));
  return Math.hypot(dx, dy) <= radius;
}

function pixel(column, row, size, radius, scale) {
  let inside = 0;
  let white = 0;
  for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
    const x = ((column + ((sample % SAMPLES) + 0.5) / SAMPLES) / size) * SIDE;
    const y = ((row + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) / size) * SIDE;
    if (!isInside(x, y, radius)) continue;
    inside++;
    if (isOnBaton(x, y, scale)) white++;
  }
  const share = inside ? white / inside : 0;
  return [...TEAL.map((value) => Math.round(value + (255 - value) * share)), Math.round((255 * inside) / SAMPLES ** 2)];
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(checksum(body));
  return Buffer.concat([length, body, sum]);
}

// `zlib.crc32` came with Node 20.15; 18 is still supported.
function checksum(bytes) {
  if (zlib.crc32) return zlib.crc32(bytes);
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

/** A PNG of `size` pixels: eight bits of red, green, blue and alpha, no filter. */
function png(size, radius, scale) {
  const rows = [];
  for (let row = 0; row < size; row++) {
    const line = [0];
    for (let column = 0; column < size; column++) line.push(...pixel(column, row, size, radius, scale));
    rows.push(Buffer.from(line));
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", zlib.deflateSync(Buffer.concat(rows), { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

/** The icons by file name. */
export function icons() {
  return {
    "icon.svg": svg,
    "icon-192.png": png(192, 8, 1),
    "icon-512.png": png(512, 8, 1),
    "icon-maskable-512.png": png(512, 0, 0.75),
    "apple-touch-icon.png": png(180, 0, 0.9),
  };
}
