/** A value that occurs nowhere else: where it turns up, it has leaked. */
export const canary = "canary-7Hq2/vX9+pL4=zK8w";

/** The value and its usual disguises. */
function spellings(value: string): string[] {
  const bytes = Buffer.from(value);
  return [
    value,
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
    bytes.toString("hex"),
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    [...value].reverse().join(""),
  ];
}

/** The disguises of `value` that `output` shows, letter case aside. A piece of a value counts: errors quote pieces. */
export function tracesOf(value: string, output: string): string[] {
  const text = output.toLowerCase();
  return [...spellings(value), value.slice(0, 12), value.slice(-12)].filter((trace) =>
    text.includes(trace.toLowerCase()),
  );
}
