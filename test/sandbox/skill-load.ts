/**
 * Skill executions that go on while the incident lasts; each is one call to an endpoint that needs no secret.
 * As a job runner does, each is tried a second time: with Railway's default of no draining time, a request that
 * is under way when a deployment replaces the process dies with it.
 */
export class SkillLoad {
  readonly #url: string;
  readonly #total: number;
  readonly #running: Promise<void>;
  #done = 0;
  #succeeded = 0;
  #repeated = 0;
  #isHurried = false;

  constructor(url: string, total: number, pauseMs: number) {
    this.#url = url;
    this.#total = total;
    this.#running = this.#run(pauseMs);
  }

  get succeeded(): number {
    return this.#succeeded;
  }

  /** How many needed their second try. */
  get repeated(): number {
    return this.#repeated;
  }

  get done(): number {
    return this.#done;
  }

  /** Lets the rest run without pauses, and waits for it. */
  async finish(): Promise<void> {
    this.#isHurried = true;
    await this.#running;
  }

  async #run(pauseMs: number): Promise<void> {
    while (this.#done < this.#total) {
      const ok = (await this.#execute()) || (await this.#executeAgain());
      this.#done += 1;
      if (ok) this.#succeeded += 1;
      if (!this.#isHurried) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  #execute(): Promise<boolean> {
    return fetch(this.#url).then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  #executeAgain(): Promise<boolean> {
    this.#repeated += 1;
    return this.#execute();
  }
}
