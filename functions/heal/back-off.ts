/** The pause after the given number of looks, in milliseconds: longer each time by half, up to a bound. */
export function backOff(looks: number, firstMs: number, maxMs: number): number {
  return Math.min(maxMs, Math.round(firstMs * 1.5 ** looks));
}
