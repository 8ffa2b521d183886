// How much script a page loads before it can draw.
import { basename } from "node:path";

/** The built files that `entry` needs at once: itself, then what it imports, and what that imports. Late ones are left out. */
export function scriptsOf(metafile, entry) {
  const found = [entry];
  for (const path of found) {
    for (const { path: imported, kind } of metafile.outputs[path].imports) {
      if (kind === "import-statement" && !found.includes(imported)) found.push(imported);
    }
  }
  return found;
}

/** A sentence for each page whose scripts, packed to `zipped` bytes each, are above its budget in KiB. */
export function overBudget(pages, zipped) {
  return pages.flatMap(({ name, scripts, budget }) => {
    const bytes = scripts.reduce((sum, path) => sum + zipped[basename(path)], 0);
    return bytes > budget * 1024 ? [`${name} loads ${bytes} bytes of script (gzip), above its budget of ${budget * 1024}`] : [];
  });
}
