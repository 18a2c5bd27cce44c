import { TallystickError } from "../../core/errors.ts";
import type { CredentialSource, RailwayEntry } from "../../core/fleet.ts";
import type { ServiceState } from "../../core/observation.ts";
import type { Railway } from "../../core/ports.ts";
import type { Secret } from "../../protocol/secret.ts";
import { createAsk, type RailwayConnection } from "./ask.ts";
import { deploymentOriginWords } from "./deployment-origin.ts";
import { deploymentState } from "./deployments.ts";
import { operations } from "./operations.ts";
import { detailed } from "./service-details.ts";
import { readService, type ServiceSight } from "./service-reading.ts";
import { redeployServing, writeVariables } from "./service-writing.ts";
import { createSessions, type Session } from "./sessions.ts";
import { namedSnapshot, Snapshots } from "./snapshots.ts";
import { TokenKinds } from "./token-kinds.ts";
import { misplacement, requirePlace } from "./token-place.ts";
import { VariableRows } from "./variable-rows.ts";
import { refusal, requireStorable } from "./write-guards.ts";

/** What the adapter needs. */
export interface RailwayOptions extends RailwayConnection {
  /** Reads a token; asked once for each source. @throws TallystickError `truth-unreadable` */
  readonly credential: (source: CredentialSource) => Promise<Secret>;
  /** What earlier runs of the process learnt of tokens. @default nothing */
  readonly kinds?: TokenKinds;
}

/**
 * Railway over its public GraphQL API, for one run: calls are counted, and what was learnt of a token is kept.
 * @throws TallystickError `setting-invalid` for an `apiUrl` that a token must not be sent to
 */
export function createRailway(options: RailwayOptions): Railway {
  const open = createSessions(createAsk(options), options.kinds ?? new TokenKinds());
  const credential = onceForEach(options.credential);
  const rows = new VariableRows();
  const snapshots = new Snapshots();
  const sights = new Map<string, ServiceSight>();

  /** Without a service Railway would read, and write, the variables that all services share. */
  async function sessionFor(railway: RailwayEntry): Promise<Session> {
    if (railway.service === "") throw refusal("the fleet names no service");
    return open(await credential(railway.token));
  }

  async function placedSession(railway: RailwayEntry): Promise<Session> {
    const session = await sessionFor(railway);
    requirePlace(session, railway);
    return session;
  }

  return {
    async observe(railway, names, { withSnapshot = false } = {}) {
      try {
        const session = await sessionFor(railway);
        const detail = misplacement(session, railway);
        if (detail !== undefined) return { kind: "wrong-token", detail };
        const sight = await readService(session, railway, names);
        sights.set(sightKey(railway), sight);
        const { serving } = sight.state;
        if (!withSnapshot || serving === undefined) return sight.state;
        const started = await snapshots.read(session, serving.deploymentId).catch(() => undefined);
        return started === undefined
          ? sight.state
          : { ...sight.state, serving: namedSnapshot(names, started) };
      } catch (error) {
        return unseen(error);
      }
    },

    async withDetails(railway, names, seen) {
      const sight = sights.get(sightKey(railway));
      if (seen.kind !== "seen" || sight === undefined) return seen;
      try {
        const session = await placedSession(railway);
        const known = { variables: sight.variables, rows, snapshots };
        return await detailed(session, railway, { names, seen, known });
      } catch {
        // Details only sharpen what was seen already.
        return seen;
      }
    },

    async snapshot(railway, names, deploymentId) {
      return namedSnapshot(names, await snapshots.read(await placedSession(railway), deploymentId));
    },

    async setVariables(railway, values, ownerId = railway.service) {
      requireStorable(values);
      await writeVariables(await placedSession(railway), railway, { values, ownerId, rows });
    },

    async redeploy(railway, servingId, newestId) {
      return redeployServing(await placedSession(railway), railway, { servingId, newestId });
    },

    async deployment(railway, deploymentId) {
      const session = await placedSession(railway);
      const found = await session.ask(operations.deployment, { id: deploymentId });
      const quota = session.quota();
      return { ...deploymentState(found), running: found.instances, ...(quota !== undefined && { quota }) };
    },

    async originOf(railway, deploymentId) {
      const session = await placedSession(railway);
      return deploymentOriginWords(await session.ask(operations.deploymentOrigin, { id: deploymentId }));
    },
  };
}

function sightKey({ environment, service }: RailwayEntry): string {
  return JSON.stringify([environment, service]);
}

/** A fault of our own is told too, without its text. */
function unseen(error: unknown): ServiceState {
  return error instanceof TallystickError
    ? { kind: "unseen", code: error.code, detail: error.message }
    : { kind: "unseen", code: "run-failed", detail: "an unexpected fault while Railway was read" };
}

/** Many environments share one token; a failure is not kept. */
function onceForEach(read: RailwayOptions["credential"]): RailwayOptions["credential"] {
  const known = new Map<string, Promise<Secret>>();
  return (source) => {
    const key = JSON.stringify(source);
    const token = known.get(key) ?? read(source);
    known.set(key, token);
    token.catch(() => known.delete(key));
    return token;
  };
}
