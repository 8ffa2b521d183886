/** A sentence of what stands elsewhere behind a colon, without a full stop, or both. */
export function sentence(text: string): string {
  const whole = text.endsWith(".") ? text : `${text}.`;
  return whole.charAt(0).toUpperCase() + whole.slice(1);
}
