import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { formatTime } from "../../ui/format";
import { theme } from "../../ui/preferences";
import { lastKnown } from "./last-known";

/** What is drawn: a series' word, its colour by token, and how. */
export interface Series {
  label: string;
  token: string;
  shape: "area" | "bars" | "line" | "dashes" | "steps";
  /** Where of two bars side by side this one stands. */
  side?: -1 | 1;
  text: (value: number) => string;
}

interface PlotProps {
  series: readonly Series[];
  /** Seconds since 1970, or places among `names`; then the values of each series. */
  data: uPlot.AlignedData;
  /** What stands along the axis, short and in full, and what that is called; without them it is clock times. */
  names?: { what: string; of: readonly (readonly [string, string])[] };
  height: number;
  /** The most that the axis must show; without it the highest value. */
  highest?: number;
  /** What can be seen, in words. */
  label: string;
}

/** A chart that follows its data, its width and the theme. */
export function Plot({ series, data, names, height, highest, label }: PlotProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  useEffect(() => {
    const at = place.current!;
    plot.current = new uPlot(optionsOf(at, { series, names, height, highest }), data, at);
    tellLast(plot.current);
    const watcher = new ResizeObserver(() => plot.current?.setSize({ width: at.clientWidth, height }));
    watcher.observe(at);
    const redraw = (): void => plot.current?.redraw(false);
    const stop = theme.subscribe(() => requestAnimationFrame(redraw)); // the root has its theme by then
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", redraw);
    return () => {
      watcher.disconnect();
      stop();
      dark.removeEventListener("change", redraw);
      plot.current?.destroy();
      plot.current = null;
    };
  }, [series, names, height, highest]);
  useEffect(() => {
    plot.current?.setData(data);
    if (plot.current) tellLast(plot.current);
  }, [data]);
  return <div ref={place} class="plot" role="img" aria-label={label} />;
}

/** While nobody points at an instant the legend tells the last values. */
function tellLast(plot: uPlot): void {
  if ((plot.cursor.left ?? -1) < 0) plot.setLegend({ idxs: plot.data.map(() => lastKnown(plot.data)) }, false);
}

// A canvas takes no custom properties: the colour is read from an element that has it.
function colourOf(at: HTMLElement, token: string, percent = 100): string {
  at.style.setProperty("color", `color-mix(in srgb, var(--${token}) ${percent}%, transparent)`);
  const { color } = getComputedStyle(at);
  at.style.removeProperty("color");
  return color;
}

const THINNED = 25; // percent

interface Shown {
  series: readonly Series[];
  names: PlotProps["names"] | undefined;
  height: number;
  highest: number | undefined;
}

const FINE = [0.05, 0.1, 0.2, 0.5];
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000, 20_000, 100_000];
const EVERY = [1, 2, 3, 4, 6, 7, 12, 14, 24, 28, 48, 96, 168, 336, 672];

function optionsOf(at: HTMLElement, { series, names, height, highest }: Shown): uPlot.Options {
  const ink = (): string => colourOf(at, "ink-soft");
  const grid = { stroke: () => colourOf(at, "line"), width: 1 };
  const font = `12px ${getComputedStyle(at).fontFamily}`;
  return {
    width: at.clientWidth,
    height,
    padding: [8, names ? 8 : 28, 0, 0], // half of the last instant's words stands beyond the end
    cursor: { y: false, points: { size: 7 }, drag: { x: false, y: false } },
    legend: { live: true },
    hooks: { setLegend: [tellLast] },
    scales: { x: { time: !names, ...(names && { range: (_: uPlot, low: number, high: number): uPlot.Range.MinMax => [low - 0.5, high + 0.5] }) }, y: { range: (_, _low, high) => [0, highest ?? (names && high < 4 ? Math.max(0.2, high * 1.15) : Math.max(4, Math.ceil(high * 1.1)))] } },
    axes: [
      { stroke: ink, font, grid: { show: false }, ticks: grid, ...(names && { incrs: EVERY, space: 60 }), values: (_, at) => at.map((place) => (names ? (names.of[place]?.[0] ?? "") : formatTime(place * 1_000))) },
      { stroke: ink, font, grid, ticks: { show: false }, size: 44, incrs: highest === 1 ? [0.25, 0.5] : names ? [...FINE, ...WHOLE] : WHOLE, values: (_, at) => at.map((value) => series[0]!.text(value)) },
    ],
    series: [{ label: names?.what ?? "", value: (_, place) => (place === null ? "–" : names ? (names.of[place]?.[1] ?? "") : formatTime(place * 1_000)) }, ...series.map((each) => seriesOf(at, each, names ? 64 : 20))],
  };
}

function seriesOf(at: HTMLElement, { label, token, shape, side, text }: Series, widest: number): uPlot.Series {
  const stroke = (): string => colourOf(at, token);
  const common: uPlot.Series = { label, stroke, width: 2, points: { show: shape === "line", size: 5 }, spanGaps: false, value: (_, value) => (value === null ? "–" : text(value)) };
  switch (shape) {
    case "area":
      return { ...common, fill: () => colourOf(at, token, THINNED) };
    case "bars":
      return { ...common, width: 0, fill: stroke, points: { show: false }, paths: uPlot.paths.bars!({ size: [0.8, widest], align: side ?? 0, gap: 1 }) };
    case "steps":
      return { ...common, points: { show: false }, paths: uPlot.paths.stepped!({ align: 1 }) };
    case "dashes":
      return { ...common, width: 1.5, dash: [6, 5], points: { show: false } };
    case "line":
      return common;
  }
}
