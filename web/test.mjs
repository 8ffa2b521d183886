// Bundles test/*.test.ts and runs them with Node's own runner (the larger runners need a newer Node).
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { build } from "esbuild";

const OUT = "build/tests";
const entryPoints = readdirSync("test").filter((name) => name.endsWith(".test.ts")).map((name) => `test/${name}`);

rmSync(OUT, { recursive: true, force: true });
await build({
  entryPoints,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node18",
  sourcemap: "inline",
  external: ["esbuild"], // a program beside its module: it finds itself by where it lies
  jsx: "automatic",
  jsxImportSource: "preact",
  define: { TIMER_WORKER: JSON.stringify("/assets/timer.js") },
  outdir: OUT,
  outExtension: { ".js": ".mjs" },
});
const files = readdirSync(OUT).map((name) => `${OUT}/${name}`);
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit" });
process.exit(status ?? 1);
