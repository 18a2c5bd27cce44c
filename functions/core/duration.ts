const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** What a duration in a fleet file looks like: a whole number and one unit. */
export const durationPattern = /^[0-9]+[smhd]$/;

/** `30d` → milliseconds. The text matches {@link durationPattern}. */
export function durationMs(text: string): number {
  const unit = text.at(-1) as keyof typeof unitMs;
  return Number(text.slice(0, -1)) * unitMs[unit];
}

/** Milliseconds → words for people: `45 s`, `3 min`, `2 h 5 min`, `4 days`. */
export function durationWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 59_500) return `${Math.round(ms / 1_000)} s`;
  if (ms < 59.5 * unitMs.m) return `${Math.round(ms / unitMs.m)} min`;
  if (ms < 2 * unitMs.d) return hoursAndMinutes(ms);
  return `${Math.round(ms / unitMs.d)} days`;
}

function hoursAndMinutes(ms: number): string {
  const minutes = Math.round(ms / unitMs.m);
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}
