const epochMsMax = 8_640_000_000_000_000;

/** Epoch milliseconds → ISO 8601 in UTC, whole seconds; what is on no calendar is `unknown`. */
export function isoTime(epochMs: number): string {
  if (!(Math.abs(epochMs) <= epochMsMax)) return "unknown";
  // biome-ignore lint/style/noRestrictedGlobals: formatting a given instant reads no clock.
  return new Date(Math.floor(epochMs / 1_000) * 1_000).toISOString().replace(".000Z", "Z");
}

/** The date of an ISO 8601 time in UTC. */
export function dayOf(time: string): string {
  return time.slice(0, "2026-11-22".length);
}

/** An ISO 8601 time as epoch milliseconds; NaN for what is none. */
export function epochMs(time: string): number {
  // biome-ignore lint/style/noRestrictedGlobals: reading a given instant reads no clock.
  return Date.parse(time);
}
