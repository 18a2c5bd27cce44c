import * as z from "zod";
import {
  deployment,
  deploymentOrigin,
  named,
  pageOf,
  runningDeployment,
  serviceDeployments,
  serviceInstance,
  serviceInstanceName,
  startedDeployment,
  variableRow,
  variables,
} from "./answers.ts";

/** A document that we send, and the shape of what comes back. */
export interface Operation<Data> {
  readonly document: string;
  /** What is being done, for error messages. */
  readonly purpose: string;
  /** Mutations are sent once, whatever comes of it. */
  readonly mutates: boolean;
  readonly answer: z.ZodType<Data>;
}

const deploymentFields = "id status createdAt canRedeploy snapshotId";
const instanceFields = `latestDeployment { ${deploymentFields} } activeDeployments { ${deploymentFields} }`;
const rowsPage = "edges { node { name serviceId isSealed references } } pageInfo { hasNextPage endCursor }";
const namedPage = "edges { node { id name } } pageInfo { hasNextPage endCursor }";

const snapshot = z.object({ variables }).nullable();

/** Every GraphQL document that this project sends; `test/contracts/railway-operations.ts` holds them against Railway's schema. */
export const operations = {
  tokenPlace: {
    purpose: "asking where the token belongs",
    mutates: false,
    document: `query tallystickTokenPlace {
      projectToken { project { id name } environment { id name } }
    }`,
    answer: z
      .object({ projectToken: z.object({ project: named, environment: named }) })
      .transform(({ projectToken }) => projectToken),
  },

  /** Each variable as it is written and as it is rendered: what a reference comes to costs no call of its own. */
  service: {
    purpose: "reading a service",
    mutates: false,
    document: `query tallystickService($projectId: String!, $environmentId: String!, $serviceId: String!) {
      variables(projectId: $projectId, environmentId: $environmentId, serviceId: $serviceId, unrendered: true)
      rendered: variables(projectId: $projectId, environmentId: $environmentId, serviceId: $serviceId)
      serviceInstance(environmentId: $environmentId, serviceId: $serviceId) {
        numReplicas sleepApplication cronSchedule ${instanceFields}
      }
    }`,
    answer: z.object({ variables, rendered: variables, serviceInstance }),
  },

  serviceVariables: {
    purpose: "reading a service's variables",
    mutates: false,
    document: `query tallystickServiceVariables($projectId: String!, $environmentId: String!, $serviceId: String!) {
      variables(projectId: $projectId, environmentId: $environmentId, serviceId: $serviceId, unrendered: true)
    }`,
    answer: z.object({ variables }).transform((data) => data.variables),
  },

  /** What a write has to know first, in one call: who may not see the rows may not write. */
  writtenVariables: {
    purpose: "reading what is about to be written over",
    mutates: false,
    document: `query tallystickWrittenVariables(
      $projectId: String!, $environmentId: String!, $serviceId: String, $first: Int!, $after: String
    ) {
      variables(projectId: $projectId, environmentId: $environmentId, serviceId: $serviceId, unrendered: true)
      environment(id: $environmentId, projectId: $projectId) {
        variables(first: $first, after: $after) { ${rowsPage} }
      }
    }`,
    answer: z
      .object({ variables, environment: z.object({ variables: pageOf(variableRow) }) })
      .transform((data) => ({ variables: data.variables, rows: data.environment.variables })),
  },

  serviceDeployments: {
    purpose: "reading a service's deployments",
    mutates: false,
    document: `query tallystickServiceDeployments($environmentId: String!, $serviceId: String!) {
      serviceInstance(environmentId: $environmentId, serviceId: $serviceId) { ${instanceFields} }
    }`,
    answer: z.object({ serviceInstance: serviceDeployments }).transform((data) => data.serviceInstance),
  },

  /** Without `service`, which breaks the whole answer where a shared variable has none. */
  variableRows: {
    purpose: "reading where an environment's variables are defined",
    mutates: false,
    document: `query tallystickVariableRows($projectId: String!, $environmentId: String!, $first: Int!, $after: String) {
      environment(id: $environmentId, projectId: $projectId) {
        variables(first: $first, after: $after) { ${rowsPage} }
      }
    }`,
    answer: z
      .object({ environment: z.object({ variables: pageOf(variableRow) }) })
      .transform((data) => data.environment.variables),
  },

  /** Which services stand in an environment, and what a reference calls them. */
  environmentServices: {
    purpose: "listing an environment's services",
    mutates: false,
    document: `query tallystickEnvironmentServices($projectId: String!, $environmentId: String!, $first: Int!) {
      environment(id: $environmentId, projectId: $projectId) {
        serviceInstances(first: $first) {
          edges { node { serviceId serviceName } }
          pageInfo { hasNextPage endCursor }
        }
      }
    }`,
    answer: z
      .object({ environment: z.object({ serviceInstances: pageOf(serviceInstanceName) }) })
      .transform((data) => data.environment.serviceInstances),
  },

  deployment: {
    purpose: "reading a deployment",
    mutates: false,
    document: `query tallystickDeployment($id: String!) {
      deployment(id: $id) { id status createdAt instances { status } }
    }`,
    answer: z.object({ deployment: runningDeployment }).transform((data) => data.deployment),
  },

  /** By itself, for a token that may not see who it was should still see the deployment. */
  deploymentOrigin: {
    purpose: "reading who began a deployment",
    mutates: false,
    document: `query tallystickDeploymentOrigin($id: String!) {
      deployment(id: $id) { createdAt meta creator { name } }
    }`,
    answer: z.object({ deployment: deploymentOrigin }).transform((data) => data.deployment),
  },

  snapshot: {
    purpose: "reading what a deployment was started with",
    mutates: false,
    document: `query tallystickSnapshot($id: String!) {
      deployment(id: $id) { id status createdAt }
      deploymentSnapshot(deploymentId: $id) { variables }
    }`,
    answer: z.object({
      deployment: startedDeployment,
      deploymentSnapshot: snapshot,
    }),
  },

  /** Up to three in one call; an id that is not given is not asked for. */
  snapshots: {
    purpose: "reading what earlier deployments were started with",
    mutates: false,
    document: `query tallystickSnapshots(
      $first: String!, $second: String!, $third: String!, $hasSecond: Boolean!, $hasThird: Boolean!
    ) {
      first: deploymentSnapshot(deploymentId: $first) { variables }
      second: deploymentSnapshot(deploymentId: $second) @include(if: $hasSecond) { variables }
      third: deploymentSnapshot(deploymentId: $third) @include(if: $hasThird) { variables }
    }`,
    answer: z
      .object({ first: snapshot, second: snapshot.optional(), third: snapshot.optional() })
      .transform(({ first, second, third }) => [first, second, third].map((each) => each?.variables)),
  },

  earlierDeployments: {
    purpose: "reading a service's earlier deployments",
    mutates: false,
    document: `query tallystickEarlierDeployments($input: DeploymentListInput!, $first: Int!) {
      deployments(input: $input, first: $first) {
        edges { node { ${deploymentFields} } }
        pageInfo { hasNextPage endCursor }
      }
    }`,
    answer: z.object({ deployments: pageOf(deployment) }).transform((data) => data.deployments.nodes),
  },

  /** The whole project's: which of them stand in an environment is not told. */
  projectServices: {
    purpose: "listing a project's services",
    mutates: false,
    document: `query tallystickProjectServices($id: String!, $first: Int!, $after: String) {
      project(id: $id) { services(first: $first, after: $after) { ${namedPage} } }
    }`,
    answer: z
      .object({ project: z.object({ services: pageOf(named) }) })
      .transform((data) => data.project.services),
  },

  workspaces: {
    purpose: "listing the token's workspaces",
    mutates: false,
    document: `query tallystickWorkspaces { apiToken { workspaces { id name } } }`,
    answer: z
      .object({ apiToken: z.object({ workspaces: z.array(named) }) })
      .transform((data) => data.apiToken.workspaces),
  },

  /** Answered for an account's token alone. */
  account: {
    purpose: "asking whose the token is",
    mutates: false,
    document: `query tallystickAccount { me { id } }`,
    answer: z.object({ me: z.object({ id: z.string() }) }),
  },

  /** Without a workspace the list is empty for most accounts (railwayapp/docs issue 867). */
  projects: {
    purpose: "listing a workspace's projects",
    mutates: false,
    document: `query tallystickProjects($workspaceId: String!, $first: Int!, $after: String, $within: Int!) {
      projects(workspaceId: $workspaceId, first: $first, after: $after) {
        edges {
          node {
            id
            name
            environments(first: $within) { ${namedPage} }
            services(first: $within) { ${namedPage} }
          }
        }
        pageInfo { hasNextPage endCursor }
      }
    }`,
    answer: z
      .object({
        projects: pageOf(named.extend({ environments: pageOf(named), services: pageOf(named) })),
      })
      .transform((data) => data.projects),
  },

  setVariables: {
    purpose: "setting a service's variables",
    mutates: true,
    document: `mutation tallystickSetVariables($input: VariableCollectionUpsertInput!) {
      variableCollectionUpsert(input: $input)
    }`,
    // Railway documents no false; if it came, it would not be known what was written.
    answer: z.object({ variableCollectionUpsert: z.literal(true) }),
  },

  redeploy: {
    purpose: "starting a deployment again",
    mutates: true,
    document: `mutation tallystickRedeploy($id: String!) {
      deploymentRedeploy(id: $id, usePreviousImageTag: true) { id status createdAt }
    }`,
    answer: z.object({ deploymentRedeploy: startedDeployment }).transform((data) => data.deploymentRedeploy),
  },

  deploy: {
    purpose: "deploying a service",
    mutates: true,
    document: `mutation tallystickDeploy($environmentId: String!, $serviceId: String!) {
      serviceInstanceDeployV2(environmentId: $environmentId, serviceId: $serviceId)
    }`,
    answer: z
      .object({ serviceInstanceDeployV2: z.string().min(1).max(256) })
      .transform((data) => data.serviceInstanceDeployV2),
  },
} as const satisfies Readonly<Record<string, Operation<unknown>>>;
