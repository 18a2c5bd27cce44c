import { buildSchema } from "graphql";

/** The part of Railway's schema that the project uses; `schema-subset.ts` holds it against the whole. */
export const schema = buildSchema(`
  scalar DateTime
  scalar DeploymentMeta
  scalar EnvironmentConfig
  "A JSON object of names and values."
  scalar EnvironmentVariables

  type Query {
    apiToken: ApiTokenContext!
    deployment(id: String!): Deployment!
    deploymentSnapshot(deploymentId: String!): DeploymentSnapshot
    deployments(
      after: String, before: String, first: Int, input: DeploymentListInput!, last: Int
    ): QueryDeploymentsConnection!
    environment(id: String!, projectId: String): Environment!
    environmentStagedChanges(environmentId: String!): EnvironmentPatch!
    me: User!
    project(id: String!): Project!
    projectToken: ProjectToken!
    projects(
      after: String, before: String, first: Int, last: Int, workspaceId: String
    ): QueryProjectsConnection!
    serviceInstance(environmentId: String!, serviceId: String!): ServiceInstance!
    variables(
      environmentId: String!, projectId: String!, serviceId: String, unrendered: Boolean
    ): EnvironmentVariables!
    variablesForServiceDeployment(
      environmentId: String!, projectId: String!, serviceId: String!
    ): EnvironmentVariables!
  }

  type Mutation {
    deploymentRedeploy(id: String!, usePreviousImageTag: Boolean): Deployment!
    deploymentRestart(id: String!): Boolean!
    deploymentRollback(id: String!): Boolean!
    serviceInstanceDeployV2(commitSha: String, environmentId: String!, serviceId: String!): String!
    serviceInstanceRedeploy(environmentId: String!, serviceId: String!): Boolean!
    variableCollectionUpsert(input: VariableCollectionUpsertInput!): Boolean!
    variableDelete(input: VariableDeleteInput!): Boolean!
    variableUpsert(input: VariableUpsertInput!): Boolean!
  }

  input VariableUpsertInput {
    environmentId: String!
    name: String!
    projectId: String!
    serviceId: String
    skipDeploys: Boolean = false
    value: String!
  }
  input VariableCollectionUpsertInput {
    environmentId: String!
    projectId: String!
    replace: Boolean = false
    serviceId: String
    skipDeploys: Boolean = false
    variables: EnvironmentVariables!
  }
  input VariableDeleteInput {
    environmentId: String!
    name: String!
    projectId: String!
    serviceId: String
  }
  input DeploymentListInput {
    environmentId: String
    projectId: String
    serviceId: String
    status: DeploymentStatusInput
  }
  input DeploymentStatusInput {
    in: [DeploymentStatus!]
    notIn: [DeploymentStatus!]
  }

  enum DeploymentStatus {
    BUILDING CRASHED DEPLOYING FAILED INITIALIZING NEEDS_APPROVAL QUEUED
    REMOVED REMOVING SKIPPED SLEEPING SUCCESS WAITING
  }
  enum DeploymentInstanceStatus {
    CRASHED CREATED EXITED INITIALIZING REMOVED REMOVING RESTARTING RUNNING SKIPPED STOPPED
  }

  type Deployment {
    canRedeploy: Boolean!
    canRollback: Boolean!
    createdAt: DateTime!
    creator: DeploymentCreator
    deploymentStopped: Boolean!
    environmentId: String!
    id: ID!
    instances: [DeploymentDeploymentInstance!]!
    meta: DeploymentMeta
    projectId: String!
    serviceId: String
    snapshotId: String
    status: DeploymentStatus!
    statusUpdatedAt: DateTime
    updatedAt: DateTime!
  }
  type DeploymentCreator { email: String! id: String! name: String }
  type DeploymentDeploymentInstance { id: String! status: DeploymentInstanceStatus! }
  type DeploymentSnapshot {
    createdAt: DateTime!
    id: ID!
    updatedAt: DateTime!
    variables: EnvironmentVariables!
  }
  type ServiceInstance {
    activeDeployments: [Deployment!]!
    cronSchedule: String
    drainingSeconds: Int
    environmentId: String!
    healthcheckPath: String
    healthcheckTimeout: Int
    id: ID!
    latestDeployment: Deployment
    numReplicas: Int
    overlapSeconds: Int
    region: String
    serviceId: String!
    serviceName: String!
    sleepApplication: Boolean
  }

  type Environment {
    id: ID!
    name: String!
    projectId: String!
    serviceInstances(
      after: String, before: String, first: Int, last: Int
    ): EnvironmentServiceInstancesConnection!
    variables(after: String, before: String, first: Int, last: Int): EnvironmentVariablesConnection!
  }
  enum EnvironmentPatchStatus { APPLYING COMMITTED STAGED }
  type EnvironmentPatch {
    appliedAt: DateTime
    createdAt: DateTime!
    environmentId: String!
    id: ID!
    lastAppliedError: String
    patch(decryptVariables: Boolean): EnvironmentConfig!
    status: EnvironmentPatchStatus!
    updatedAt: DateTime!
  }
  type Variable {
    createdAt: DateTime!
    environmentId: String
    id: ID!
    isSealed: Boolean!
    name: String!
    references: [String!]!
    service: Service!
    serviceId: String
    updatedAt: DateTime!
  }
  type Service { id: ID! name: String! projectId: String! }
  type Project {
    environments(after: String, before: String, first: Int, last: Int): ProjectEnvironmentsConnection!
    id: ID!
    name: String!
    services(after: String, before: String, first: Int, last: Int): ProjectServicesConnection!
  }
  type ProjectToken {
    environment: Environment!
    environmentId: String!
    project: Project!
    projectId: String!
  }
  type ApiTokenContext { workspaces: [ApiTokenWorkspace!]! }
  type ApiTokenWorkspace { id: String! name: String! }
  type User { id: ID! }

  type PageInfo { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String }
  type QueryDeploymentsConnection { edges: [QueryDeploymentsConnectionEdge!]! pageInfo: PageInfo! }
  type QueryDeploymentsConnectionEdge { cursor: String! node: Deployment! }
  type QueryProjectsConnection { edges: [QueryProjectsConnectionEdge!]! pageInfo: PageInfo! }
  type QueryProjectsConnectionEdge { cursor: String! node: Project! }
  type ProjectEnvironmentsConnection { edges: [ProjectEnvironmentsConnectionEdge!]! pageInfo: PageInfo! }
  type ProjectEnvironmentsConnectionEdge { cursor: String! node: Environment! }
  type ProjectServicesConnection { edges: [ProjectServicesConnectionEdge!]! pageInfo: PageInfo! }
  type ProjectServicesConnectionEdge { cursor: String! node: Service! }
  type EnvironmentServiceInstancesConnection {
    edges: [EnvironmentServiceInstancesConnectionEdge!]!
    pageInfo: PageInfo!
  }
  type EnvironmentServiceInstancesConnectionEdge { cursor: String! node: ServiceInstance! }
  type EnvironmentVariablesConnection { edges: [EnvironmentVariablesConnectionEdge!]! pageInfo: PageInfo! }
  type EnvironmentVariablesConnectionEdge { cursor: String! node: Variable! }
`);
