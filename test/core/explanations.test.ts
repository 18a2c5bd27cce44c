import { describe, expect, it } from "vitest";
import { accidentIds } from "../../functions/core/accidents.ts";
import { causes } from "../../functions/core/cause.ts";
import { environmentNotes } from "../../functions/core/diagnosis.ts";
import { explain, explanationTables } from "../../functions/core/explanations.ts";
import { healReasons } from "../../functions/core/heal-outcome.ts";
import { newsKinds } from "../../functions/core/news.ts";
import { withheldReasons } from "../../functions/core/remedy.ts";
import { truthStates } from "../../functions/core/truth.ts";

const words = Object.entries(explanationTables).flatMap(([table, texts]) =>
  Object.entries(texts).map(([word, text]) => ({ table, word, text })),
);

describe("explain", () => {
  it.each<[string, readonly string[]]>([
    ["accident", accidentIds],
    ["cause", causes],
    ["note", environmentNotes],
    ["heal", healReasons],
    ["withheld", withheldReasons],
    ["truth", truthStates],
    ["news", newsKinds],
  ])("knows every %s", (table, ids) => {
    expect(Object.keys(explanationTables[table] ?? {}).toSorted()).toEqual([...ids].toSorted());
  });

  it("gives all meanings of a word", () => {
    expect(explain("rejected").map(({ table }) => table)).toEqual(["cause", "truth"]);
  });

  it.each(["no-such-word", "__proto__", "constructor", ""])("knows nothing of %o", (word) => {
    expect(explain(word)).toEqual([]);
  });
});

describe("every word", () => {
  it("is there to be explained", () => expect(words.length).toBeGreaterThan(80));

  it.each(words)("$table $word is short, means something, and says what to do", ({ text }) => {
    expect(text.short).toMatch(/^\S.{1,45}$/);
    expect(text.means).toMatch(/^[A-Z].+\.$/);
    expect(text.toDo).toMatch(/\.$/);
  });
});
