/** Breaks a text at blanks into lines; a word that is too long stays whole, so that it can be copied. */
function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((each) => each !== "")) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** A text in lines behind a label; the label stands before the first. */
export function labelledLines(label: string, text: string, columns: number): readonly string[] {
  return wrapped(text, columns - label.length).map(
    (line, index) => `${index === 0 ? label : " ".repeat(label.length)}${line}`,
  );
}

/** Cuts a text at its end, never through a character. */
export function shortened(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text;
  return `${text.slice(0, charactersMax - 3).toWellFormed()}...`;
}

/** Shortens a name in its middle: beginning and end tell most. */
export function middleCut(name: string, charactersMax: number): string {
  if (name.length <= charactersMax) return name;
  const start = Math.ceil((charactersMax - 2) / 2);
  return `${name.slice(0, start)}..${name.slice(name.length - (charactersMax - 2 - start))}`;
}

/** Each once, so many of them, and how many more there are. */
export function listedAtMost(texts: readonly string[], countMax: number): readonly string[] {
  const unique = [...new Set(texts)];
  const more = unique.length - countMax;
  return more <= 0 ? unique : [...unique.slice(0, countMax), `and ${more} more`];
}
