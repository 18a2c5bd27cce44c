import { type FilterPolicy, readFilterPolicy } from "./filter-policy.ts";
import { type DeliveryProtocol, invalidParameter } from "./message.ts";

/** One subscriber of a topic; until it is confirmed it is sent nothing but the request to confirm. */
export type Subscription = {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: DeliveryProtocol;
  readonly endpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly filterPolicy: FilterPolicy | undefined;
  readonly raw: boolean;
  readonly token: string;
  confirmed: boolean;
};

/** What a subscriber asks for. */
export type SubscriptionRequest = Pick<Subscription, "protocol" | "endpoint"> & {
  readonly attributes?: Readonly<Record<string, string>>;
};

/** Narrows a protocol to those that the stand-in delivers by. */
export function readProtocol(protocol: string): DeliveryProtocol {
  if (protocol === "http" || protocol === "https" || protocol === "email") return protocol;
  throw invalidParameter(`The stand-in does not deliver by the protocol ${protocol}`);
}

/** Refuses an endpoint that does not go with its protocol. */
export function checkEndpoint({ protocol, endpoint }: SubscriptionRequest): void {
  const fits =
    protocol === "email" ? /^[^@\s]+@[^@\s]+$/.test(endpoint) : endpoint.startsWith(`${protocol}://`);
  if (!fits) throw invalidParameter("Endpoint");
}

/** Reads the attributes that the stand-in heeds; any other is refused, never ignored. */
export function readAttributes(
  attributes: Readonly<Record<string, string>>,
): Pick<Subscription, "filterPolicy" | "raw"> {
  const { FilterPolicy: policy, FilterPolicyScope: scope, RawMessageDelivery: raw, ...unknown } = attributes;
  const [name] = Object.keys(unknown);
  if (name !== undefined) throw invalidParameter(`AttributeName: the stand-in does not know ${name}`);
  if (scope !== undefined && scope !== "MessageAttributes") throw invalidParameter("FilterPolicyScope");
  if (raw !== undefined && raw !== "true" && raw !== "false") throw invalidParameter("RawMessageDelivery");
  return { filterPolicy: policy === undefined ? undefined : readFilterPolicy(policy), raw: raw === "true" };
}
