/** Names that the stack writes and the functions read: no string is typed twice across that seam. */

/** Environment variables of the functions and of the command line. */
export const settings = {
  /** Path of the fleet file inside the function's asset. */
  fleet: "TALLYSTICK_FLEET",
  /** The signing seed itself: for a laptop. */
  signingSeed: "TALLYSTICK_SIGNING_SEED",
  /** Name or ARN of the signing seed in Secrets Manager: for a function. */
  signingSeedSecret: "TALLYSTICK_SIGNING_SEED_SECRET",
  /** The topic that people are told through; without it nobody is. */
  topicArn: "TALLYSTICK_TOPIC_ARN",
  /** The table that outlives a run; without it nothing is remembered between runs. */
  stateTable: "TALLYSTICK_STATE_TABLE",
  /** Qualified ARN of the heal function that check starts; without it check repairs by itself, in process. */
  healFunction: "TALLYSTICK_HEAL_FUNCTION",
  /** One of `healKinds`. */
  healKind: "TALLYSTICK_HEAL_KIND",
  /** The `service` dimension of all metrics, so that stacks side by side do not count into each other (Powertools). */
  service: "POWERTOOLS_SERVICE_NAME",
  railwayApiUrl: "RAILWAY_API_URL",
  /** Stack frames of unexpected errors, on the command line. */
  debug: "TALLYSTICK_DEBUG",
} as const;

/** Whether the heal function's executions are durable and named, or a plain asynchronous invocation. */
export const healKinds = ["durable", "plain"] as const;

/** The fleet file's name inside the functions' assets. */
export const fleetAssetName = "fleet.yaml";

export const serviceName = "tallystick";
export const metricNamespace = "Tallystick";

/** Metrics of one check, without dimensions beyond the service: each costs by the month. */
export const metricNames = {
  runCompleted: "RunCompleted",
  holdersInSync: "HoldersInSync",
  holdersWrong: "HoldersWrong",
  holdersUnknown: "HoldersUnknown",
  /** Unknown holders, told only by a run in which some holder answered: missing while nobody ever has. */
  holdersUnseen: "HoldersUnseen",
  capabilitiesDenied: "CapabilitiesDenied",
  healsVerified: "HealsVerified",
  healsFailed: "HealsFailed",
  /** Repairs that are known and not made now, but for those that no run may make in its mode. */
  healsWithheld: "HealsWithheld",
  /** From when a holder was last known to be right to the run that found it wrong; the longest of a run. */
  timeToDetect: "TimeToDetect",
  /** From when a holder was found wrong to its verified repair. */
  timeToRepair: "TimeToRepair",
  runDuration: "RunDuration",
} as const;

export const reportSchema = "tallystick/report/v1";
export const messageSchema = "tallystick/message/v1";

/** Railway's public API (docs.railway.com, "Public API"); the setting above points elsewhere. */
export const railwayApiUrl = "https://backboard.railway.com/graphql/v2";

/** What Railway's edge is told about who calls; without a query string it blocks callers (Cloudflare 1015). */
export const railwaySource = "tallystick";
