// Bundles the pages into ../src/casebaton/_web: their HTML, files whose names carry a hash of their content, the service
// worker, the manifest and the icons; each with compressed neighbours. Fails when a page's script is above its budget.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build } from "esbuild";
import { icons } from "./icons.mjs";
import { overBudget, scriptsOf } from "./weight.mjs";

const OUT = "../src/casebaton/_web";
// `html`, and what it loads. `budget`: KiB of gzip that its script may have before anything is loaded late.
const PAGES = {
  agent: { html: "src/agent/agent.html", script: "src/agent/main.tsx", style: "src/agent/agent.css", budget: 35 },
  supervisor: { html: "src/supervisor/supervisor.html", script: "src/supervisor/main.tsx", style: "src/supervisor/supervisor.css", budget: 80 },
  index: { html: "src/home/index.html", style: "src/home/home.css" },
};
const COMPRESSED = /\.(js|css|html|svg|webmanifest)$/;
const COMMON = { bundle: true, minify: true, target: "es2022", outdir: OUT, metafile: true, legalComments: "eof", logLevel: "warning" };
const asset = (path) => `/assets/${basename(path)}`;

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });

const timers = await build({ ...COMMON, entryPoints: { timer: "src/ui/alerts/timer-worker.ts" }, format: "iife", entryNames: "[name]-[hash]" });
const [timerWorker] = Object.keys(timers.metafile.outputs);

// A build for each page. In one for all, what one page uses of a file that both import, as the SDK's index, the other would load, too.
const outputs = {};
for (const [name, { script, style }] of Object.entries(PAGES)) {
  const page = await build({
    ...COMMON,
    entryPoints: { ...(script && { [name]: script }), [`${name}-style`]: style },
    format: "esm",
    splitting: true,
    jsx: "automatic",
    jsxImportSource: "preact",
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[hash]",
    define: { TIMER_WORKER: JSON.stringify(asset(timerWorker)) },
  });
  Object.assign(outputs, page.metafile.outputs);
}

const built = (source) => Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === source)[0];
const head = await readFile("src/head.html", "utf8");
const weights = [];
for (const [name, page] of Object.entries(PAGES)) {
  const scripts = page.script ? scriptsOf({ outputs }, built(page.script)) : [];
  const loads = scripts.map((path, place) => (place === 0 ? `<script type="module" src="${asset(path)}"></script>` : `<link rel="modulepreload" href="${asset(path)}">`));
  const lines = [head.trim(), `<link rel="stylesheet" href="${asset(built(page.style))}">`, ...loads].join("\n").replaceAll("\n", "\n    ");
  const html = (await readFile(page.html, "utf8")).replace("{{head}}", () => lines);
  if (!html.includes(asset(built(page.style)))) throw new Error(`${page.html} has no {{head}}`);
  await writeFile(`${OUT}/${name}.html`, html);
  if (page.script) weights.push({ name, scripts, budget: page.budget });
}
await writeFile(`${OUT}/manifest.webmanifest`, await readFile("src/manifest.webmanifest"));
for (const [name, content] of Object.entries(icons())) await writeFile(`${OUT}/${name}`, content);

const files = (await readdir(OUT)).sort();
const shell = ["/", "/agent", "/supervisor", ...files.filter((name) => /-[A-Z0-9]{8}\.(js|css)$/.test(name)).map(asset)];
const version = createHash("sha256");
for (const name of files) version.update(name).update(await readFile(`${OUT}/${name}`));
await build({
  ...COMMON,
  entryPoints: { sw: "src/sw/sw.ts" },
  format: "iife",
  define: { SHELL: JSON.stringify(shell), VERSION: JSON.stringify(version.digest("hex").slice(0, 16)) },
});

const zipped = {};
for (const name of await readdir(OUT)) {
  if (!COMPRESSED.test(name)) continue;
  const content = await readFile(`${OUT}/${name}`);
  const smaller = {
    gz: await promisify(gzip)(content, { level: 9 }),
    br: await promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
  };
  zipped[name] = smaller.gz.length;
  console.log(`${name}  ${(content.length / 1024).toFixed(1)} KiB, gzip ${(smaller.gz.length / 1024).toFixed(1)} KiB`);
  for (const [end, packed] of Object.entries(smaller)) if (packed.length < content.length) await writeFile(`${OUT}/${name}.${end}`, packed);
}
const complaints = overBudget(weights, zipped);
for (const { name, scripts, budget } of weights) {
  const bytes = scripts.reduce((sum, path) => sum + zipped[basename(path)], 0);
  console.log(`${name}: ${(bytes / 1024).toFixed(1)} of ${budget} KiB of script`);
}
if (complaints.length > 0) throw new Error(complaints.join("\n"));
