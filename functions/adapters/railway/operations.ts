import * as z from "zod";
import {
  deployment,
  named,
  pageOf,
  serviceDeployments,
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
const namedPage = "edges { node { id name } } pageInfo { hasNextPage endCursor }";

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

  service: {
    purpose: "reading a service",
    mutates: false,
    document: `query tallystickService($projectId: String!, $environmentId: String!, $serviceId: String!) {
      variables(projectId: $projectId, environmentId: $environmentId, serviceId: $serviceId, unrendered: true)
      serviceInstance(environmentId: $environmentId, serviceId: $serviceId) { ${instanceFields} }
    }`,
    answer: z.object({ variables, serviceInstance: serviceDeployments }),
  },

  serviceVariables: {
    purpose: "reading a service's variables",
    mutates: false,
    document: `query tallystickServiceVariables($projectId: String!, $environmentId: String!, $serviceId: String!) {
      variables(projectId: $projectId, environmentId: $environmentId, serviceId: $serviceId, unrendered: true)
    }`,
    answer: z.object({ variables }).transform((data) => data.variables),
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
        variables(first: $first, after: $after) {
          edges { node { name serviceId isSealed references } }
          pageInfo { hasNextPage endCursor }
        }
      }
    }`,
    answer: z
      .object({ environment: z.object({ variables: pageOf(variableRow) }) })
      .transform((data) => data.environment.variables),
  },

  deployment: {
    purpose: "reading a deployment",
    mutates: false,
    document: `query tallystickDeployment($id: String!) { deployment(id: $id) { id status createdAt } }`,
    answer: z.object({ deployment: startedDeployment }).transform((data) => data.deployment),
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
      deploymentSnapshot: z.object({ variables }).nullable(),
    }),
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
