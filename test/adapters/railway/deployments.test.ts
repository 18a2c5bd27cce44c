import { expect, test } from "vitest";
import type { DeploymentAnswer } from "../../../functions/adapters/railway/answers.ts";
import {
  deploymentState,
  earlierThan,
  isDeploying,
  isRedeployable,
  servingAmong,
  statusOf,
} from "../../../functions/adapters/railway/deployments.ts";

function made(id: string, status: string, createdAt = 0, snapshotId: string | null = "s"): DeploymentAnswer {
  return { id, status, createdAt, canRedeploy: true, snapshotId };
}

test.for([
  ["serving", ["SUCCESS", "SLEEPING"]],
  ["failed", ["FAILED", "CRASHED", "SKIPPED"]],
  ["gone", ["REMOVED", "REMOVING"]],
  ["stuck", ["NEEDS_APPROVAL"]],
  ["unfinished", ["QUEUED", "INITIALIZING", "BUILDING", "DEPLOYING", "WAITING", "TELEPORTING"]],
] as const)("takes for %s: %s", ([status, words]) => {
  expect(words.map(statusOf)).toEqual(words.map(() => status));
});

test("keeps Railway's word beside ours", () => {
  expect(deploymentState(made("a", "BUILDING", 7))).toEqual({
    id: "a",
    status: "unfinished",
    word: "BUILDING",
    createdAtMs: 7,
  });
});

test.for<[DeploymentAnswer[], string | undefined]>([
  [[made("old", "SUCCESS", 1), made("new", "SUCCESS", 2)], "new"],
  [[made("old", "SUCCESS", 1), made("new", "CRASHED", 2)], "old"],
  [[made("old", "SLEEPING", 1), made("new", "CRASHED", 2)], "new"],
  [[made("old", "SLEEPING", 1), made("new", "DEPLOYING", 2)], "old"],
  [[made("old", "REMOVING", 1), made("new", "TELEPORTING", 2)], undefined],
  [[], undefined],
])("finds the deployment that takes requests: %#", ([active, id]) => {
  expect(servingAmong(active)?.id).toBe(id);
});

test.for<[string, DeploymentAnswer | null, DeploymentAnswer[], boolean]>([
  ["one serving", made("a", "SUCCESS"), [made("a", "SUCCESS")], false],
  ["none at all", null, [], false],
  ["the latest building", made("b", "BUILDING"), [made("a", "SUCCESS")], true],
  ["the latest waiting", made("b", "WAITING"), [made("a", "SUCCESS")], true],
  ["the latest failed", made("b", "FAILED"), [made("a", "SUCCESS")], false],
  ["the latest skipped", made("b", "SKIPPED"), [made("a", "SUCCESS")], false],
  ["the latest needing approval", made("b", "NEEDS_APPROVAL"), [made("a", "SUCCESS")], false],
  ["the latest in a new word", made("b", "TELEPORTING"), [made("a", "SUCCESS")], true],
  ["a predecessor draining", made("b", "SUCCESS"), [made("a", "REMOVING"), made("b", "SUCCESS")], true],
  ["two serving", made("b", "SUCCESS"), [made("a", "SUCCESS"), made("b", "SUCCESS")], true],
  [
    "one asleep beside one serving",
    made("b", "SUCCESS"),
    [made("a", "SLEEPING"), made("b", "SUCCESS")],
    true,
  ],
])("judges whether a deployment is under way: %s", ([, latestDeployment, activeDeployments, expected]) => {
  expect(isDeploying({ latestDeployment, activeDeployments })).toBe(expected);
});

test("takes for redeployable only what Railway says is, and has a snapshot", () => {
  expect(isRedeployable(made("a", "SUCCESS"))).toBe(true);
  expect(isRedeployable(made("a", "SUCCESS", 0, null))).toBe(false);
  expect(isRedeployable({ ...made("a", "SUCCESS"), canRedeploy: false })).toBe(false);
});

test("gives the deployments that ran before the serving one, newest first", () => {
  const listed = [
    made("oldest", "REMOVED", 1),
    made("never-ran", "FAILED", 2),
    made("skipped", "SKIPPED", 3),
    made("no-snapshot", "REMOVED", 4, null),
    made("previous", "REMOVING", 5),
    made("serving", "SUCCESS", 6),
    made("newer", "CRASHED", 7),
  ];

  const earlier = earlierThan({ deploymentId: "serving", createdAtMs: 6 }, listed);

  expect(earlier.map(({ id }) => id)).toEqual(["previous", "oldest"]);
});
