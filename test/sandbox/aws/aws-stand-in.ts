import { type Failure, type Fault, Faults } from "./faults.ts";
import { FunctionStore, type Invocation } from "./lambda/function-store.ts";
import { lambdaOperations } from "./lambda/lambda.ts";
import type { RequestRecord } from "./request-log.ts";
import type { LabelUpdatedEvent } from "./secrets-manager/label-updated-event.ts";
import type { Rotate } from "./secrets-manager/rotation.ts";
import { SecretStore } from "./secrets-manager/secret-store.ts";
import { secretsManagerOperations } from "./secrets-manager/secrets-manager.ts";
import { type Desk, type Service, serve, serviceOf } from "./service.ts";
import { Courier, type FailedDelivery } from "./sns/courier.ts";
import type { Mail } from "./sns/mailbox.ts";
import { snsOperations } from "./sns/sns.ts";
import { TopicStore } from "./sns/topic-store.ts";
import { openHttpServer } from "./wire/http-server.ts";
import { jsonProtocol } from "./wire/json-protocol.ts";
import type { HttpRequest } from "./wire/protocol.ts";
import { queryProtocol } from "./wire/query-protocol.ts";
import { restJsonProtocol } from "./wire/rest-json-protocol.ts";

/** What the stand-in is started with. */
export type AwsOptions = {
  /** The time in milliseconds since the epoch: the stand-in has no other. */
  readonly clock: () => number;
  /** @default "eu-west-1" */
  readonly region?: string;
  /** @default "111122223333" */
  readonly accountId?: string;
  /** Stands for the EventBridge bus. @default nobody listens */
  readonly onLabelUpdated?: (event: LabelUpdatedEvent) => void;
  /** Stands for the rotation function. @default RotateSecret only stores its configuration */
  readonly rotate?: Rotate;
  /** Stands for Lambda running the function that it accepted an event for. @default nothing is run */
  readonly onInvoke?: (invocation: Invocation) => void;
  /** Faults planted from the start. @default none */
  readonly faults?: readonly Fault[];
};

/** Secrets Manager, SNS and Lambda on 127.0.0.1, for the SDK's own clients. */
export type AwsStandIn = {
  /** The one address of all services. */
  readonly endpoint: string;
  /** Secrets, for direct set-up. */
  readonly secrets: SecretStore;
  /** Topics and subscriptions, for direct set-up. */
  readonly topics: TopicStore;
  /** Functions, for direct set-up, and what they were invoked with. */
  readonly functions: FunctionStore;
  /** What was asked since the start: operations and ids, never values. */
  readonly requests: readonly RequestRecord[];
  /** What http subscribers did not take. */
  readonly failedDeliveries: readonly FailedDelivery[];
  /** The mail of one address, oldest first. */
  readonly mailbox: (address: string) => readonly Mail[];
  /** Lets the next request of an operation fail. */
  readonly failNext: (operation: string, failure: Failure) => void;
  /** Lets the next request of an operation wait, in real time. */
  readonly delayNext: (operation: string, delayMs: number) => void;
  /** Refuses the readings of one secret's value, alone and in a batch, until the answered function is called. */
  readonly denySecret: (id: string) => () => void;
  /** Resolves when every http delivery has come to its end. */
  readonly delivered: () => Promise<void>;
  /** Closes every socket; rejects where the stand-in itself was at fault, so that no test passes over it. */
  readonly close: () => Promise<void>;
};

/** Starts the stand-in on a port of its own. */
export async function startAws(options: AwsOptions): Promise<AwsStandIn> {
  const { clock, region = "eu-west-1", accountId = "111122223333" } = options;
  const server = await openHttpServer();
  const closing = new AbortController();
  const faults = new Faults(options.faults ?? [], closing.signal);
  const desk: Desk = { faults, requests: [], bugs: [] };
  const courier = new Courier({ endpoint: server.endpoint, clock, closing: closing.signal });
  const secrets = new SecretStore({ clock, region, accountId, onLabelUpdated: options.onLabelUpdated });
  const topics = new TopicStore({ region, accountId, courier });
  const functions = new FunctionStore({ region, accountId, onInvoke: options.onInvoke });
  const services: Services = {
    secretsManager: serviceOf(jsonProtocol, secretsManagerOperations(secrets, options.rotate)),
    sns: serviceOf(queryProtocol, snsOperations(topics)),
    lambda: serviceOf(restJsonProtocol, lambdaOperations(functions)),
  };
  server.answerWith((request) => serve(serviceAsked(services, request), request, desk));
  return {
    endpoint: server.endpoint,
    secrets,
    topics,
    functions,
    requests: desk.requests,
    failedDeliveries: courier.failed,
    mailbox: (address) => courier.mailboxes.read(address),
    failNext: (operation, failure) => faults.plant({ kind: "fail", operation, failure }),
    delayNext: (operation, delayMs) => faults.plant({ kind: "delay", operation, delayMs }),
    denySecret: (id) => secrets.deny(id),
    delivered: () => courier.settled(),
    close: async () => {
      closing.abort();
      await Promise.all([server.close(), courier.settled()]);
      if (desk.bugs.length > 0) throw new AggregateError(desk.bugs, "The AWS stand-in was at fault");
    },
  };
}

type Services = { readonly secretsManager: Service; readonly sns: Service; readonly lambda: Service };

/** Secrets Manager names its operation in a header, Lambda in the path, and SNS in the form. */
function serviceAsked({ secretsManager, sns, lambda }: Services, { headers, path }: HttpRequest): Service {
  if ("x-amz-target" in headers) return secretsManager;
  return /^\/(\?|$)/.test(path) ? sns : lambda;
}
