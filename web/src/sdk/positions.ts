/** Log positions are `ms-n`: compared as two numbers. */
export function isAfter(position: string, other: string): boolean {
  const [ms = 0, n = 0] = position.split("-").map(Number);
  const [otherMs = 0, otherN = 0] = other.split("-").map(Number);
  return ms > otherMs || (ms === otherMs && n > otherN);
}
