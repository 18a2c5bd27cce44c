import type { Fleet } from "../core/fleet.ts";
import type {
  CapabilityProbes,
  Clock,
  HealthEndpoints,
  Memory,
  Progress,
  Railway,
  SigningKeys,
  TruthSource,
} from "../core/ports.ts";

/** Everything outside that one run touches, each behind its port. */
export interface World {
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly truth: TruthSource;
  readonly health: HealthEndpoints;
  readonly probes: CapabilityProbes;
  readonly railway: Railway;
  /** Absent where the fleet names no health endpoint, so that nothing has to be signed. */
  readonly keys?: SigningKeys;
  /** Absent where nothing outlives a run. */
  readonly memory?: Memory;
  readonly onProgress: (progress: Progress) => void;
}
