/**
 * A value as the server reads it. Half a pair of surrogates, which an emoji cut in two leaves behind, is no text in UTF-8, and a
 * server refuses the whole frame: it becomes U+FFFD, as by `String.prototype.toWellFormed`, in keys as well.
 */
export function jsonOf(value: unknown): string {
  // What is whole stands there as it is, so an escape in the range of surrogates is a half; `\\` is skipped, whose own text may go on with "ud800".
  return JSON.stringify(value).replace(/\\(?:u(d[89a-f][0-9a-f]{2})|.)/g, (escape, half?: string) => (half ? "\ufffd" : escape));
}
