type Values = { readonly length: number; readonly [index: number]: number | null | undefined };

/** The last place at which every series has a value; null where there is none. */
export function lastKnown(series: readonly Values[]): number | null {
  for (let index = (series[0]?.length ?? 0) - 1; index >= 0; index--) if (series.every((values) => values[index] != null)) return index;
  return null;
}
