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

/**
 * A durable function whose process dies once, right after its n-th finished step is in the log. As Lambda does, it
 * is invoked again with all that the log holds; the dead process never goes on.
 */
export function createCrashingHandler(
  handler: DurableLambdaHandler,
  atStep: number,
): { readonly handler: DurableLambdaHandler; readonly log: CrashLog } {
  const log: CrashLog = { crashes: 0, finishedSteps: 0 };
  return {
    log,
    async handler(event, context) {
      const { durableExecutionClient: client } = event as DurableExecutionInvocationInputWithClient;
      const crash = Promise.withResolvers<string>();
      const mortal = mortalClient(client, log, atStep, (token) => crash.resolve(token));
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

function mortalClient(
  client: Client,
  log: CrashLog,
  atStep: number,
  die: (checkpointToken: string) => void,
): Client {
  let isDead = false;
  return {
    getExecutionState: (request, logger) => client.getExecutionState(request, logger),
    async checkpoint(request, logger) {
      if (isDead) return new Promise(() => {});
      const answer = await client.checkpoint(request, logger);
      log.finishedSteps += finishedSteps(request.Updates);
      if (log.crashes > 0 || log.finishedSteps < atStep) return answer;
      isDead = true;
      log.crashes += 1;
      die(answer.CheckpointToken ?? "");
      return new Promise(() => {});
    },
  };
}

function finishedSteps(updates: Updates): number {
  return (updates ?? []).filter(({ Type, Action }) => Type === "STEP" && Action === "SUCCEED").length;
}
