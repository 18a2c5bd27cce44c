import type { Access } from "./access.ts";
import type { ControlPlane } from "./control-plane.ts";
import type { DeploymentLedger } from "./deployment-ledger.ts";
import type { Estate } from "./estate.ts";
import type { Presenter } from "./presenter.ts";
import { type Context, requireDeployment, requirePlace, requireScope } from "./queries.ts";

interface ScopeInput {
  readonly projectId: string;
  readonly environmentId: string;
  readonly serviceId?: string | null;
}

interface UpsertInput extends ScopeInput {
  readonly name: string;
  readonly value: string;
  readonly skipDeploys?: boolean | null;
}

interface CollectionUpsertInput extends ScopeInput {
  readonly variables: Readonly<Record<string, string>>;
  readonly replace?: boolean | null;
  readonly skipDeploys?: boolean | null;
}

interface PlaceArguments {
  readonly environmentId: string;
  readonly serviceId: string;
}

interface MutationParts {
  readonly estate: Estate;
  readonly ledger: DeploymentLedger;
  readonly controlPlane: ControlPlane;
  readonly presenter: Presenter;
}

/** The resolvers of the mutation type. */
export function createMutations({ estate, ledger, controlPlane, presenter }: MutationParts) {
  return {
    variableUpsert: ({ input }: { input: UpsertInput }, { access }: Context) => {
      const scope = requireScope(estate, access, input);
      controlPlane.setVariables(scope, { [input.name]: input.value }, writeOptions(input, access));
      return true;
    },
    variableCollectionUpsert: ({ input }: { input: CollectionUpsertInput }, { access }: Context) => {
      const scope = requireScope(estate, access, input);
      const options = { ...writeOptions(input, access), replace: input.replace ?? false };
      controlPlane.setVariables(scope, input.variables, options);
      return true;
    },
    variableDelete: ({ input }: { input: ScopeInput & { name: string } }, { access }: Context) => {
      controlPlane.deleteVariable(requireScope(estate, access, input), input.name, access.person());
      return true;
    },
    serviceInstanceRedeploy: (wanted: PlaceArguments, { access }: Context) => {
      controlPlane.redeployService(requirePlace(access, wanted), access.person());
      return true;
    },
    serviceInstanceDeployV2: (wanted: PlaceArguments, { access }: Context) =>
      controlPlane.deploy(requirePlace(access, wanted), access.person()).id,
    deploymentRedeploy: (
      { id, usePreviousImageTag }: { id: string; usePreviousImageTag?: boolean | null },
      { access }: Context,
    ) => {
      const deployment = requireDeployment(ledger, access, id);
      const options = { usesImage: usePreviousImageTag ?? false, creator: access.person() };
      return presenter.deployment(controlPlane.redeploy(deployment, options));
    },
    deploymentRestart: ({ id }: { id: string }, { access }: Context) => {
      controlPlane.restart(requireDeployment(ledger, access, id));
      return true;
    },
    deploymentRollback: ({ id }: { id: string }, { access }: Context) => {
      controlPlane.rollback(requireDeployment(ledger, access, id), access.person());
      return true;
    },
  };
}

function writeOptions({ skipDeploys }: { skipDeploys?: boolean | null }, access: Access) {
  return { deploy: !skipDeploys, by: access.person() };
}
