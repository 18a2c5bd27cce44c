import picocolors from "picocolors";

type Painter = (text: string) => string;

/** What a colour stands for; without colours each leaves a text as it is. */
export interface Paint {
  readonly good: Painter;
  readonly warn: Painter;
  readonly bad: Painter;
  readonly dim: Painter;
  readonly strong: Painter;
}

/** The library judges by the process's own streams; here the caller has judged already. */
export function paintFor(colour: boolean): Paint {
  const { green, yellow, red, dim, bold } = picocolors.createColors(colour);
  return { good: green, warn: yellow, bad: red, dim, strong: bold };
}
