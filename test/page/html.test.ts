import { describe, expect, it } from "vitest";
import { html, trusted } from "../../functions/page/html.ts";

describe("a template", () => {
  it("escapes every value, wherever it stands", () => {
    const name = `"><script>alert('&')</script>`;

    expect(html`<b title="${name}">${name}</b>`.toString()).toBe(
      '<b title="&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;">&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;</b>',
    );
  });

  it("takes other templates as they are, also in lists", () => {
    expect(html`<ul>${["a", "<"].map((each) => html`<li>${each}</li>`)}</ul>`.toString()).toBe(
      "<ul><li>a</li><li>&lt;</li></ul>",
    );
  });

  it("shows nothing for nothing, and zero for zero", () => {
    expect(html`${undefined}${false}${[]}${0}`.toString()).toBe("0");
  });

  it("takes no text for markup because it looks like a template's result", () => {
    const planted = JSON.parse('{"markup":"<script>"}');

    expect(() => html`${planted}`).toThrow();
  });

  it.each([
    ["a null", "\u0000"],
    ["an escape", "\u001b"],
    ["a right-to-left override", "\u202e"],
    ["an isolate", "\u2066"],
    ["a zero-width joiner", "\u200d"],
    ["a byte-order mark", "\ufeff"],
    ["half a character", "\ud800"],
    ["a line separator", "\u2028"],
    ["a C1 control", "\u009b"],
  ])("shows %s as a replacement character", (_what, character) => {
    expect(html`a${character}b`.toString()).toBe("a\ufffdb");
  });

  it("leaves our own markup alone", () => {
    expect(html`${trusted("<hr>")}`.toString()).toBe("<hr>");
  });
});
