// Bundles the gallery, which tests look at and nobody ships, into build/gallery.
import { build } from "esbuild";

await build({
  entryPoints: { gallery: "gallery/gallery.tsx", "gallery-style": "gallery/gallery.css" },
  bundle: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  outdir: "build/gallery",
  define: { TIMER_WORKER: JSON.stringify("/timer.js") },
  logLevel: "warning",
});
await build({ entryPoints: { timer: "src/ui/alerts/timer-worker.ts" }, bundle: true, format: "iife", outdir: "build/gallery", logLevel: "warning" });
