/** Which replica a process is. */
export interface ReplicaLabels {
  readonly projectId: string;
  readonly environmentId: string;
  readonly serviceId: string;
  readonly deploymentId: string;
  readonly replicaId: string;
  readonly command: readonly string[];
}

/** A replica that answers at its URL until it is stopped. */
export interface RunningReplica {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts one replica with exactly this environment; the signal gives the start up. */
export interface Runner {
  start(
    environment: Readonly<Record<string, string>>,
    labels: ReplicaLabels,
    signal: AbortSignal,
  ): Promise<RunningReplica>;
}
