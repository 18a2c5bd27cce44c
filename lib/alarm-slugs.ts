/** Every alarm by the name that its section in RUNBOOK.md has. */
export const alarmSlugs = [
  "not-running",
  "run-failed",
  "heal-failed",
  "drift-persists",
  "unknown-persists",
  "dead-letters",
  "schedule-dropped",
] as const;

export type AlarmSlug = (typeof alarmSlugs)[number];
