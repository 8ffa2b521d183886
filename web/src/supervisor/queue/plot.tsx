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
  shape: "area" | "bars" | "line" | "dashes";
  /** Where of two bars side by side this one stands. */
  side?: -1 | 1;
  text: (value: number) => string;
}

interface PlotProps {
  series: readonly Series[];
  /** Seconds since 1970, then the values of each series. */
  data: uPlot.AlignedData;
  height: number;
  /** The most that the axis must show; without it the highest value. */
  highest?: number;
  /** What can be seen, in words. */
  label: string;
}

/** A chart that follows its data, its width and the theme. */
export function Plot({ series, data, height, highest, label }: PlotProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  useEffect(() => {
    const at = place.current!;
    plot.current = new uPlot(optionsOf(at, series, height, highest), data, at);
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
  }, [series, height, highest]);
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

function optionsOf(at: HTMLElement, series: readonly Series[], height: number, highest: number | undefined): uPlot.Options {
  const ink = (): string => colourOf(at, "ink-soft");
  const grid = { stroke: () => colourOf(at, "line"), width: 1 };
  const font = `12px ${getComputedStyle(at).fontFamily}`;
  return {
    width: at.clientWidth,
    height,
    padding: [8, 8, 0, 0],
    cursor: { y: false, points: { size: 7 }, drag: { x: false, y: false } },
    legend: { live: true },
    hooks: { setLegend: [tellLast] },
    scales: { x: { time: true }, y: { range: (_, _low, high) => [0, highest ?? Math.max(4, Math.ceil(high * 1.1))] } },
    axes: [
      { stroke: ink, font, grid: { show: false }, ticks: grid, values: (_, at) => at.map((second) => formatTime(second * 1_000)) },
      { stroke: ink, font, grid, ticks: { show: false }, size: 44, incrs: highest === 1 ? [0.25, 0.5] : [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000, 20_000, 100_000], values: (_, at) => at.map((value) => series[0]!.text(value)) },
    ],
    series: [{ label: "", value: (_, second) => (second === null ? "–" : formatTime(second * 1_000)) }, ...series.map((each) => seriesOf(at, each))],
  };
}

function seriesOf(at: HTMLElement, { label, token, shape, side, text }: Series): uPlot.Series {
  const stroke = (): string => colourOf(at, token);
  const common: uPlot.Series = { label, stroke, width: 2, points: { show: shape === "line", size: 5 }, spanGaps: false, value: (_, value) => (value === null ? "–" : text(value)) };
  switch (shape) {
    case "area":
      return { ...common, fill: () => colourOf(at, token, THINNED) };
    case "bars":
      return { ...common, width: 0, fill: stroke, points: { show: false }, paths: uPlot.paths.bars!({ size: [0.8, 20], align: side ?? 0, gap: 1 }) };
    case "dashes":
      return { ...common, width: 1.5, dash: [6, 5], points: { show: false } };
    case "line":
      return common;
  }
}
