import {
  type DurableExecutionInvocationInput,
  DurableExecutionInvocationInputWithClient,
  type DurableLambdaHandler,
} from "@aws/durable-execution-sdk-js";

type Client = DurableExecutionInvocationInputWithClient["durableExecutionClient"];
type Updates = Parameters<Client["checkpoint"]>[0]["Updates"];

/** Where a process died, and which steps the log held by then. */
export interface CrashLog {
  crashes: number;
  finishedSteps: number;
}

/** When a process dies: with its n-th finished step in the log, or with that step done and not yet in the log. */
export interface Death {
  readonly atStep: number;
  readonly isLost?: boolean;
}

/**
 * A durable function whose process dies once. As Lambda does, it is invoked again with all that the log holds; the
 * dead process never goes on.
 */
export function createCrashingHandler(
  handler: DurableLambdaHandler,
  death: Death,
): { readonly handler: DurableLambdaHandler; readonly log: CrashLog } {
  const log: CrashLog = { crashes: 0, finishedSteps: 0 };
  return {
    log,
    async handler(event, context) {
      const { durableExecutionClient: client } = event as DurableExecutionInvocationInputWithClient;
      const crash = Promise.withResolvers<string>();
      const mortal = mortalClient(client, { log, death, token: event.CheckpointToken }, crash.resolve);
      const outcome = await Promise.race([
        handler(new DurableExecutionInvocationInputWithClient(event, mortal), context),
        crash.promise,
      ]);
      if (typeof outcome !== "string") return outcome;
      const { DurableExecutionArn } = event;
      const state = await client.getExecutionState({ DurableExecutionArn, CheckpointToken: outcome });
      const resumed: DurableExecutionInvocationInput = {
        DurableExecutionArn,
        CheckpointToken: outcome,
        InitialExecutionState: { Operations: state.Operations ?? [] },
      };
      return handler(new DurableExecutionInvocationInputWithClient(resumed, client), context);
    },
  };
}

interface Life {
  readonly log: CrashLog;
  readonly death: Death;
  /** The token that the next checkpoint has to show. */
  token: string;
}

function mortalClient(client: Client, life: Life, die: (checkpointToken: string) => void): Client {
  const { log, death } = life;
  let isDead = false;
  const dies = (): Promise<never> => {
    isDead = true;
    log.crashes += 1;
    die(life.token);
    return new Promise(() => {});
  };
  return {
    getExecutionState: (request, logger) => client.getExecutionState(request, logger),
    async checkpoint(request, logger) {
      if (isDead) return new Promise(() => {});
      const finished = log.finishedSteps + finishedSteps(request.Updates);
      const isLast = log.crashes === 0 && log.finishedSteps < death.atStep && finished >= death.atStep;
      if (isLast && death.isLost) return dies();
      const answer = await client.checkpoint(request, logger);
      life.token = answer.CheckpointToken ?? life.token;
      log.finishedSteps = finished;
      return isLast ? dies() : answer;
    },
  };
}

function finishedSteps(updates: Updates): number {
  return (updates ?? []).filter(({ Type, Action }) => Type === "STEP" && Action === "SUCCEED").length;
}
