import { html, type Part, trusted } from "../../functions/page/html.ts";

/** What picocolors writes for the command line's paints, and the class that looks like it. */
const classes: Readonly<Record<string, string>> = { 1: "bold", 2: "dim", 31: "bad", 32: "good", 33: "warn" };

const style = trusted(`
body{margin:0;display:inline-block;background:#1c1b19}
pre{margin:0;padding:18px 22px;color:#e6e1d6;font:13px/1.5 "JetBrains Mono","DejaVu Sans Mono",monospace;font-variant-ligatures:none}
.bold{font-weight:700;color:#fff}.dim{color:#98917f}.good{color:#6fd09d}.warn{color:#e6bd6c}.bad{color:#ff9d8f}`);

/** A terminal's coloured text as a page, to be photographed. */
export function terminalPage(text: string): string {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>terminal</title><style>${style}</style></head><body><pre>${paintedParts(text)}</pre></body></html>`.toString();
}

/** Escape codes begin and end a paint; each ends with what ends all of its kind. */
function paintedParts(text: string): readonly Part[] {
  let open: readonly string[] = [];
  return text.split("\u001b[").map((piece, index) => {
    const [, code = "", words = ""] =
      index === 0 ? [piece, "", piece] : (/^(\d+)m([\s\S]*)$/.exec(piece) ?? []);
    const name = classes[code];
    if (name !== undefined) open = [...open, name];
    else if (code === "22") open = open.filter((each) => each !== "bold" && each !== "dim");
    else if (code === "39") open = open.filter((each) => each === "bold" || each === "dim");
    // The template shows what cannot be seen as a replacement character, and a line's end is such.
    const lines = words.split("\n").map((line, at) => [at > 0 && trusted("\n"), line]);
    return open.length === 0 ? lines : html`<span class="${open.join(" ")}">${lines}</span>`;
  });
}
