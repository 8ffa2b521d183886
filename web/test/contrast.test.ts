import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

// The colours of both themes, as tokens.css has them before any media query.
const [css] = readFileSync("src/ui/styles/tokens.css", "utf8").split("@media");
const tokens = new Map([...css!.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, light, dark]) => [name!, [light!, dark!]]));
const PAPERS = ["ground", "surface", "raised", "sunken"];
const MEANINGS = ["act", "ready", "soon", "late", "planned", "waits"];

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** The least contrast of a colour on these papers, in both themes (WCAG 2.2). */
function contrast(name: string, papers: readonly string[]): number {
  const ratios = [0, 1].flatMap((theme) =>
    papers.map((paper) => {
      const [dark, light] = [tokens.get(name)![theme]!, tokens.get(paper)![theme]!].map(luminance).sort((one, other) => one - other);
      return (light! + 0.05) / (dark! + 0.05);
    }),
  );
  return Math.min(...ratios);
}

for (const meaning of MEANINGS) {
  test(`${meaning} can be read on every paper, and its strokes be seen`, () => {
    assert.ok(contrast(meaning, [...PAPERS, `${meaning}-ground`]) >= 4.5);
    assert.ok(contrast(`${meaning}-mark`, [...PAPERS, `${meaning}-ground`]) >= 3);
  });
}

test("ink can be read on every paper and tint, and so can what stands on a filled button", () => {
  for (const ink of ["ink", "ink-soft"]) assert.ok(contrast(ink, [...PAPERS, ...MEANINGS.map((meaning) => `${meaning}-ground`)]) >= 4.5, ink);
  assert.ok(contrast("on-act", ["act"]) >= 4.5);
  assert.ok(contrast("line-strong", PAPERS) >= 3);
});
