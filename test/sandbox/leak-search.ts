/** The forms in which a value could slip through: as it is, encoded, backwards. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value, "utf8");
  return [
    value,
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    [...value].toReversed().join(""),
  ];
}

/** How many of the values can be found in a text, in whatever form; the values themselves are told to nobody. */
export function countLeaks(text: string, values: Iterable<string>): number {
  return [...values].filter((value) => formsOf(value).some((form) => text.includes(form))).length;
}
