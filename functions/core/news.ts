/** What may have happened that people are told of, the gravest first; `explain` knows each. */
export const newsKinds = [
  "failed",
  "suspect",
  "truth",
  "not-repaired",
  "drift",
  "changed",
  "refused",
  "unread",
  "unseen",
  "flapping",
  "reminder",
  "steady",
  "repaired",
  "resolved",
] as const;

export type NewsKind = (typeof newsKinds)[number];
