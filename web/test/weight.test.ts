import assert from "node:assert/strict";
import { test } from "node:test";
// @ts-expect-error a script of the build, without types
import { overBudget, scriptsOf } from "../weight.mjs";

const metafile = {
  outputs: {
    "out/page.js": { imports: [{ path: "out/shared.js", kind: "import-statement" }, { path: "out/chart.js", kind: "dynamic-import" }] },
    "out/shared.js": { imports: [{ path: "out/deep.js", kind: "import-statement" }] },
    "out/deep.js": { imports: [{ path: "out/shared.js", kind: "import-statement" }] },
    "out/chart.js": { imports: [] },
  },
};

test("a page loads what it imports and what that imports, and late parts late", () => {
  assert.deepEqual(scriptsOf(metafile, "out/page.js"), ["out/page.js", "out/shared.js", "out/deep.js"]);
});

test("a page above its budget is named with both sizes", () => {
  const pages = [{ name: "agent", scripts: ["out/page.js", "out/shared.js"], budget: 1 }];
  assert.deepEqual(overBudget(pages, { "page.js": 500, "shared.js": 524 }), []);
  assert.match(overBudget(pages, { "page.js": 500, "shared.js": 525 })[0], /agent loads 1025 bytes .* 1024/);
});
