/** Work that nobody waits for; if the stand-in itself fails in it, that comes to light at the end. */
export class BackgroundWork {
  readonly #underWay = new Set<Promise<void>>();
  readonly #failures: unknown[] = [];
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  add(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => {
        if (!this.#signal.aborted) this.#failures.push(error);
      })
      .finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
  }

  /** Resolves once nothing is under way any more; rejects if something failed meanwhile. */
  async rest(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
    if (this.#failures.length > 0) throw new AggregateError(this.#failures, "The stand-in failed");
  }
}
