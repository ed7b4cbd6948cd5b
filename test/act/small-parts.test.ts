import { describe, expect, test } from "vitest";
import { isRolledOut } from "../../src/act/rollout.ts";
import { isOwnHost } from "../../src/base/address.ts";
import { newTally } from "../../src/cli/verify/tally.ts";

describe("a rollout is over", () => {
  const done = {
    kind: "Deployment",
    metadata: { generation: 4 },
    spec: { replicas: 2 },
    status: { observedGeneration: 4, replicas: 2, updatedReplicas: 2, availableReplicas: 2 },
  };
  test("when all pods are of the newest template and available", () => {
    expect(isRolledOut(done)).toBe(true);
  });
  test.each([
    ["the controller has not seen the change", { observedGeneration: 3 }],
    ["one pod is of the old template", { updatedReplicas: 1 }],
    ["an old pod is left", { replicas: 3 }],
    ["one is not available", { availableReplicas: 1 }],
    ["none is available", { availableReplicas: undefined }],
  ])("not when %s", (_, status) => {
    expect(isRolledOut({ ...done, status: { ...done.status, ...status } })).toBe(false);
  });
  test.each([
    [2, true],
    [1, false],
  ])("a DaemonSet's with %i of 2 nodes: %s", (updatedNumberScheduled, isOver) => {
    const status = {
      observedGeneration: 1,
      desiredNumberScheduled: 2,
      numberAvailable: 2,
      updatedNumberScheduled,
    };
    expect(isRolledOut({ kind: "DaemonSet", metadata: { generation: 1 }, status })).toBe(isOver);
  });
});

describe("hosts that may be sent requests unasked", () => {
  test.each([
    "127.0.0.1",
    "10.1.2.3",
    "172.31.0.1",
    "192.168.1.1",
    "::1",
    "[fd00::7]",
    "localhost",
    "web.shop.svc",
    "a.svc.cluster.local",
  ])("%s is one", (host) => expect(isOwnHost(host)).toBe(true));
  test.each([
    "8.8.8.8",
    "172.32.0.1",
    "11.0.0.1",
    "2001:db8::1",
    "example.com",
    "notlocalhost",
    "svc",
    "10.0.0.1.example.com",
  ])("%s is none", (host) => expect(isOwnHost(host)).toBe(false));
});

describe("counting answers after a change", () => {
  const ok = { status: 200 };
  const bad = { status: 502 };

  test("begins when nothing has failed for two seconds", () => {
    const tally = newTally(15_000);
    for (const atMs of [100, 900]) tally.add(bad, atMs);
    for (const atMs of [1000, 2800]) tally.add(ok, atMs);
    expect(tally.counted()).toEqual({ requests: 0, failed: 0 });
    tally.add(ok, 2950);
    tally.add(bad, 3000);
    expect(tally.counted()).toEqual({ requests: 2, failed: 1 });
    expect(tally.result(10).settling).toEqual({ requests: 4, failed: 2, seconds: 2.8 });
  });

  test("begins at last when failures do not end", () => {
    const tally = newTally(15_000);
    for (let atMs = 0; atMs < 20_000; atMs += 1000) tally.add(bad, atMs);
    expect(tally.counted()).toEqual({ requests: 5, failed: 5 });
  });

  test("counts all without a change before", () => {
    const tally = newTally(0);
    tally.add(bad, 1);
    tally.add({ error: "ECONNREFUSED" }, 2);
    tally.add({ status: 404 }, 3);
    expect(tally.result(1)).toMatchObject({
      requests: 3,
      failed: 2,
      astray: 1,
      answers: { "404": 1, "502": 1, ECONNREFUSED: 1 },
    });
  });
});
