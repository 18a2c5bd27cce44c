import { operations } from "./operations.ts";
import type { SessionAsk, TokenPlace } from "./sessions.ts";

/** What to try where a project token is refused. */
export function projectWords({ project, environment }: TokenPlace): string {
  return `The token is a project token of environment ${environment.name} of project ${project.name} and sees nothing outside of it; where the ids are right, try a workspace token, which may read more`;
}

/** Finds out what another token is, to say what to try; it costs up to two calls, and only after a refusal. */
export async function bearerWords(ask: SessionAsk): Promise<string> {
  if (await answers(ask(operations.account, {})))
    return "The token is an account token and sees what its owner sees: is its owner still a member of the project's workspace?";
  const workspaces = await ask(operations.workspaces, {}).catch(() => undefined);
  if (workspaces === undefined)
    return "Railway takes the token neither for a project's nor for an account's or workspace's: it was deleted, or copied wrongly; make a new one";
  const names = workspaces.map(({ name }) => name).join(", ");
  return `The token is a workspace token (${names}): the project has to be in that workspace`;
}

function answers(asked: Promise<unknown>): Promise<boolean> {
  return asked.then(
    () => true,
    () => false,
  );
}
