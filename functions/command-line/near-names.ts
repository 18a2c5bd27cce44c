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

/** How many letters have to be put in, left out, changed, or exchanged with their neighbour. */
function distanceBetween(one: string, other: string): number {
  // rows[i][j] is the distance between the first i letters of the one and the first j of the other.
  const rows = [Array.from({ length: other.length + 1 }, (_, index) => index)];
  const at = (line: number, column: number): number => rows[line]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let line = 1; line <= one.length; line += 1) {
    const row = [line];
    rows.push(row);
    for (let column = 1; column <= other.length; column += 1) {
      const changed = at(line - 1, column - 1) + (one[line - 1] === other[column - 1] ? 0 : 1);
      const areExchanged = one[line - 1] === other[column - 2] && one[line - 2] === other[column - 1];
      const exchanged = areExchanged ? at(line - 2, column - 2) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(changed, exchanged, at(line - 1, column) + 1, at(line, column - 1) + 1));
    }
  }
  return at(one.length, other.length);
}
