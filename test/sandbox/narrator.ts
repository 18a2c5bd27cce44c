import ora, { type Ora } from "ora";
import colours from "picocolors";

/** Where a story is told: a terminal, or anything that text can be written to. */
export type Audience = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

export interface NarratorOptions {
  readonly output: Audience;
  readonly colour: boolean;
}

/** Tells a scenario to whoever watches, and remembers every word of it, so that it can be searched for leaks. */
export class Narrator {
  readonly colours: ReturnType<typeof colours.createColors>;
  readonly colour: boolean;
  readonly columns: number;
  /** All that was printed, the spinner's texts included. */
  readonly told: string[] = [];
  readonly #output: Audience;
  #spinner: Ora | undefined;

  constructor({ output, colour }: NarratorOptions) {
    this.#output = output;
    this.colour = colour;
    this.colours = colours.createColors(colour);
    this.columns = output.columns ?? 100;
  }

  print(text = ""): void {
    this.#stopSpinner();
    this.told.push(text);
    this.#output.write(`${text}\n`);
  }

  title(text: string): void {
    this.print();
    this.print(
      this.colours.bold(
        `── ${text} ${"─".repeat(Math.max(0, Math.min(this.columns, 100) - text.length - 4))}`,
      ),
    );
  }

  /** What a person does; in a scenario nobody is there, so it says who is played. */
  person(text: string): void {
    this.print(`${this.colours.magenta("☻ played here:")} ${text}`);
  }

  /** A step of the run that takes time. */
  progress(text: string): void {
    this.told.push(text);
    // A terminal of no columns, as some machines give, would let the spinner draw for ever.
    if (this.#output.isTTY !== true || this.#output.columns === 0) {
      this.#output.write(`  … ${text}\n`);
      return;
    }
    this.#spinner ??= ora({ stream: this.#output, indent: 2 });
    this.#spinner.start(text);
  }

  promise(claim: string, kept: boolean): void {
    const mark = kept ? this.colours.green("✔") : this.colours.red("✘");
    this.print(`  ${mark} ${claim}`);
  }

  #stopSpinner(): void {
    this.#spinner?.stop();
    this.#spinner = undefined;
  }
}
