/** Control characters, invisible formatting such as bidirectional overrides, lone surrogates, line separators. */
const unprintable = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text that can only be seen: what would move the cursor or hide a word shows as a replacement character. */
export function printable(text: string): string {
  return text.replace(unprintable, "\u{FFFD}");
}

/** The same for a text of several lines. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/** A copy of plain data in which every text is printable. */
export function printableCopy<Data extends object>(data: Data): Data {
  return JSON.parse(JSON.stringify(data), (_key, value: unknown) =>
    typeof value === "string" ? printable(value) : value,
  );
}

/** JSON that parses to the same data and cannot write on a terminal: JSON itself escapes only half of it. */
export function printableJson(data: object): string {
  const lines = JSON.stringify(data, null, 2).split("\n");
  return lines.map((line) => line.replace(unprintable, escaped)).join("\n");
}

/** Characters beyond the basic plane are two escapes in JSON. */
function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
  ).join("");
}
