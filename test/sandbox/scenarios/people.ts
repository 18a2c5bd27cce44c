import type { Act } from "../act.ts";
import { railwayIds, type SecretName } from "../stage-fleet.ts";

/** The environment on Railway, as the fleet calls it. */
export const railway = "railway-production";
export const internal: SecretName = "INTERNAL_AUTH_SECRET";
export const { service } = railwayIds;

/** Every host takes a new value in; Railway is nobody's host. */
export async function changeOnHosts(act: Act, value: string): Promise<void> {
  for (const host of Object.values(act.stage.hosts)) {
    host.configure(internal, value);
    await host.restart();
  }
}

/** A new truth that everybody has but Railway: the accident that this tool was made for. */
export async function forgetRailway(act: Act): Promise<string> {
  const value = act.stage.newValue();
  act.stage.putTruth(internal, value);
  await changeOnHosts(act, value);
  return value;
}

/** How a variable is changed in Railway's dashboard. */
interface DashboardOptions {
  readonly deploy: boolean;
  /** @default nobody's name stands at the deployment */
  readonly by?: string;
}

/** Changes a variable on Railway as its dashboard does, and waits until the deployment that follows is through. */
export async function setInDashboard(
  act: Act,
  name: SecretName,
  value: string,
  options: DashboardOptions,
): Promise<void> {
  act.stage.values.add(value);
  act.stage.railway.humanSets(service, name, value, options);
  await act.stage.railway.state.settled();
}
