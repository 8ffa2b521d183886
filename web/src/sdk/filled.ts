/**
 * An item with what the server left out because it is at its default; a null is left out as well. What is not known
 * stays in it.
 */
export function filled<T extends object>(defaults: Partial<T>, item: object): T {
  const whole: Record<string, unknown> = { ...defaults, ...item };
  for (const name in whole) if (whole[name] === null) delete whole[name];
  return whole as T;
}
