const suggestionsMax = 3;

/** The known names that were probably meant, the nearest first. */
export function nearNames(asked: string, known: readonly string[]): readonly string[] {
  const wanted = asked.toLowerCase();
  return known
    .map((name) => ({ name, distance: distanceBetween(wanted, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= distanceMax(wanted) || contains(name.toLowerCase(), wanted))
    .toSorted((one, other) => one.distance - other.distance)
    .slice(0, suggestionsMax)
    .map(({ name }) => name);
}

/** A short word has many neighbours that nobody meant. */
function distanceMax(word: string): number {
  return word.length <= 4 ? 1 : 2;
}

function contains(name: string, wanted: string): boolean {
  return wanted.length >= 3 && (name.includes(wanted) || wanted.includes(name));
}

/** How many letters have to be put in, left out or changed (Levenshtein). */
function distanceBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [line, letter] of [...one].entries()) {
    const next = [line + 1];
    for (const [column, otherLetter] of [...other].entries()) {
      const changed = (row[column] ?? 0) + (letter === otherLetter ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
