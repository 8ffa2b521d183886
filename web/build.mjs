// Bundles the page into ../src/casebaton/_web: agent.html plus files whose names carry a hash of their content.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { build } from "esbuild";

const OUT = "../src/casebaton/_web";

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
const { metafile } = await build({
  entryPoints: { agent: "src/page/main.tsx", "agent-style": "src/page/page.css" },
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  entryNames: "[name]-[hash]",
  outdir: OUT,
  metafile: true,
  legalComments: "eof",
  logLevel: "warning",
});
let page = await readFile("src/page/agent.html", "utf8");
for (const [path, { entryPoint, bytes }] of Object.entries(metafile.outputs)) {
  page = page.replace(`{{${basename(entryPoint)}}}`, `/assets/${basename(path)}`);
  console.log(`${basename(path)}  ${(bytes / 1024).toFixed(1)} KiB`);
}
if (page.includes("{{")) throw new Error("agent.html names a file that the build did not make");
await writeFile(`${OUT}/agent.html`, page);
