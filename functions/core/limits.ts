/** The bounds that a reader should know, each with its unit last; what bounds one file alone stands there. */
export const limits = {
  /** A fleet file larger than this is not a fleet file. */
  fleetBytesMax: 4_194_304,
  /** Environments asked side by side. */
  environmentsAtOnceMax: 32,
  /** One environment's whole hearing, all its asks together. */
  hearingTimeoutMs: 15_000,
  /** One request to a health endpoint or a capability. */
  requestTimeoutMs: 5_000,
  connectTimeoutMs: 3_000,
  /** Asks for each expected instance before we say that not all were seen. */
  asksPerInstanceMax: 8,
  instancesMax: 100,
  /** Bodies of capability probes are read only so that the connection can be kept, and no further than this. */
  probeBodyBytesMax: 65_536,
  probesAtOnceMax: 16,
  /** BatchGetSecretValue takes no more (AWS API reference). */
  secretsPerBatchMax: 20,
  secretReadsAtOnceMax: 5,
  /** Secrets Manager keeps about 100 versions; more than this are not read. */
  versionsMax: 100,
  /** A version older than this many is tried as it is, not after accidents. */
  accidentVersionsMax: 10,
  railwayRequestTimeoutMs: 30_000,
  railwayBodyBytesMax: 4_194_304,
  railwayCallsPerRunMax: 1_000,
  /** What one service's repair may take, its polls included; with fewer left in the hour none is begun. */
  railwayCallsPerRepairMax: 40,
  /** Until Railway tells the plan's own limit; its Hobby plan takes 10 (docs.railway.com, "Public API"). */
  railwayCallsPerSecondMin: 8,
  railwayCallsPerSecondMax: 100,
  railwayReadAttemptsMax: 3,
  railwayPagesMax: 20,
  /** Railway's Hobby plan takes 10 calls a second (docs.railway.com, "Public API"). */
  servicesAtOnceMax: 2,
  healsAtOnceMax: 4,
  /** What one plan mends at most: a durable execution has 3,000 operations and 256 KB a step (AWS Lambda quotas). */
  servicesPerPlanMax: 10,
  environmentsPerPlanMax: 50,
  targetsPerPlanMax: 500,
  /** Who claimed a repair and has not renewed it for this long has died; no single wait of a repair is as long. */
  healClaimMs: 900_000,
  /** A claim is renewed by who waits as soon as this has passed since the last time. */
  healRenewMs: 120_000,
  /** How old a look at the whole fleet may be for the services of one plan. */
  sightAgeMsMax: 60_000,
  /** After so many failures before the first proof a plan is stopped. */
  canaryFailuresMax: 2,
  /** A write is read back until it shows, at most so often (Railway may answer from before the write). */
  readBackAttemptsMax: 5,
  readBackPauseMs: 1_000,
  /** No new attempt to read back is begun after this. */
  readBackWaitMs: 30_000,
  /** What a repair may take until it only waits; with less time left none is begun. */
  healBeginMs: 180_000,
  deploymentPollFirstMs: 1_000,
  deploymentPollMaxMs: 5_000,
  /** With fewer calls left than this in Railway's hour a deployment is asked after less often, up to so long a pause. */
  railwayCallsScarce: 60,
  deploymentPollSparingMs: 60_000,
  deploymentWaitMs: 600_000,
  verificationPollFirstMs: 500,
  verificationPollMaxMs: 5_000,
  verificationWaitMs: 120_000,
  /** Deployments before the serving one whose snapshots are looked at to recognise a rollback. */
  earlierSnapshotsMax: 3,
  /** Set right so often with the same version and wrong again: then it is a fight, and no repair wins it. */
  healsBeforeFightMax: 2,
  /** AWSPENDING on another version than AWSCURRENT for longer than this is a stuck rotation. */
  rotationStuckMs: 86_400_000,
  /** HMAC keys below this many bits can be guessed offline by who knows one answer. */
  entropyBitsMin: 112,
  messageBytesMax: 200_000,
  /** Who claimed to tell something and has not said so for this long has died. */
  tellingMs: 300_000,
  /** A repair's end is told again after a while where it could not be. */
  publishTriesMax: 4,
  publishPauseFirstMs: 1_000,
  publishPauseMaxMs: 10_000,
  subjectCharactersMax: 99,
  /** A page shows the runs of thirty days. */
  runsShownMs: 2_592_000_000,
  /** A mail is read on a phone: longer lines are broken by it, not by us. */
  mailColumnsMax: 72,
  /** What is told at length in one message; the rest by its name. */
  newsPerMessageMax: 20,
  /** What opens and closes more often than this within the window flaps, and is told as that. */
  flapChangesMax: 6,
  flapWindowMs: 259_200_000,
  /** What flapped and has not changed for so long is steady again. */
  steadyMs: 86_400_000,
  /** Of one kind of memory; DynamoDB gives up to 1 MB a page. */
  memoryPagesMax: 20,
  memoryWritesAtOnceMax: 16,
  /** Repairs that began longer ago are not recalled. */
  healsRecalledMs: 604_800_000,
  /** So much of what was wrong is kept of one target of a repair: a plan has many, and an item in DynamoDB is small. */
  wasCharactersMax: 400,
  /** Runs that began longer ago are not asked when something was right last. */
  rightLookedBackMs: 604_800_000,
  /** What is kept of one run names so many at most: an item in DynamoDB has 400 KB (its limits, "Item size"). */
  wrongPerRunMax: 1_000,
  healsPerRunMax: 200,
  /** Three months of a run every six hours, and as many that were started by hand or by a new version. */
  runsRecalledMax: 720,
} as const;
