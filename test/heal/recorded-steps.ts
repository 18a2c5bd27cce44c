import type { Clock, Look, StepData, Steps } from "../../functions/core/ports.ts";

/** What a durable service keeps of one step. */
export interface RecordedStep {
  readonly name: string;
  readonly state: StepData;
  /** Whether it is finished; an unfinished wait is resumed from its state. */
  readonly isDone: boolean;
}

/** When a process dies: once the log has so many entries, with the last of them written or lost. */
export interface Crash {
  readonly atEntry: number;
  readonly isLost?: boolean;
}

/** Steps whose log outlives a crash: what it holds is not done again. After a crash nothing goes on. */
export function createRecordedSteps(
  clock: Clock,
  log: RecordedStep[],
  planned: Crash = { atEntry: Number.POSITIVE_INFINITY },
): { readonly steps: Steps; readonly crashed: Promise<"crashed"> } {
  const crash = Promise.withResolvers<"crashed">();
  const record = (entry: RecordedStep): Promise<void> => {
    const isLast = log.length + 1 >= planned.atEntry;
    if (!isLast || !planned.isLost) log.push(entry);
    if (!isLast) return Promise.resolve();
    crash.resolve("crashed");
    return new Promise(() => {});
  };
  const lastOf = (name: string): RecordedStep | undefined => log.findLast((entry) => entry.name === name);
  const steps: Steps = {
    mayBegin: () => true,
    each: (_name, items, work) => Promise.all(items.map((item) => work(steps, item))),
    async run<Result extends StepData>(name: string, action: () => Promise<Result>): Promise<Result> {
      const before = lastOf(name);
      if (before !== undefined) return before.state as Result;
      const state = throughJson(await action());
      await record({ name, state, isDone: true });
      return state;
    },
    async waitUntil<State extends StepData>(
      name: string,
      look: (before: State) => Promise<Look<State>>,
      initial: State,
    ): Promise<State> {
      let state = (lastOf(name)?.state as State | undefined) ?? initial;
      let isDone = lastOf(name)?.isDone ?? false;
      while (!isDone) {
        const seen = await look(state);
        state = throughJson(seen.state);
        isDone = seen.done;
        await record({ name, state, isDone });
        if (!seen.done) await clock.sleep(seen.againInMs);
      }
      return state;
    },
  };
  return { steps, crashed: crash.promise };
}

/** A log is text: what JSON loses is lost. */
function throughJson<Data extends StepData>(data: Data): Data {
  return JSON.parse(JSON.stringify(data));
}
