/** The stand-in's only source of time; the signal ends a sleep early, so that closing leaves no timer behind. */
export interface Clock {
  now(): number;
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}
