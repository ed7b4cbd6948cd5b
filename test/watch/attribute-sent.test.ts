import { describe, expect, test } from "vitest";
import { recordedPods } from "../../src/derive/recorded-pods.ts";
import { ref } from "../../src/evidence/object-ref.ts";
import type { SentRequest } from "../../src/evidence/sent-request.ts";
import type { Traffic } from "../../src/logs/traffic.ts";
import { attributeSent } from "../../src/watch/attribute-sent.ts";
import { drainGaps } from "../../src/watch/drain-gaps.ts";
import {
  at,
  change,
  departure,
  evidenceWith,
  factsOf,
  haproxyLine,
  newPod,
  nginxError,
  nginxLine,
  oldPod,
  podAs,
  recordOf,
  sent,
} from "./shop-record.ts";

const old = ref("Pod", oldPod, "shop");

function unanswered(seconds: number): SentRequest {
  const { status: _, ...request } = sent(seconds, { error: "ECONNRESET" });
  return request;
}

const flapped = (ready: boolean): object => podAs({ name: newPod, ip: "10.0.0.2", ready });

const ended = (restartCount: number, finished: number): object => {
  const pod = podAs({ name: newPod, ip: "10.0.0.2", restarts: restartCount });
  const finishedAt = new Date(at(finished)).toISOString();
  const startedAt = new Date(at(finished - 1)).toISOString();
  const terminated = { reason: "OOMKilled", exitCode: 137, startedAt, finishedAt };
  const [status] = pod.status!.containerStatuses!;
  return {
    ...pod,
    status: { ...pod.status, containerStatuses: [{ ...status, lastState: { terminated } }] },
  };
};

describe("pods that were watched as they went", () => {
  test("have their address, the moment of their deletion and of their end", () => {
    const pod = recordedPods(departure).find(({ ref: { name } }) => name === oldPod);
    expect(pod).toMatchObject({ ips: ["10.0.0.1"], deletedMs: at(10.4), removedMs: at(20.2), isNew: false });
  });

  test("stand in the place of what events would have told of them", () => {
    const log = nginxLine(11, "a") + nginxError(11);
    const without = factsOf(evidenceWith(log)).attemptStates;
    const withRecord = factsOf(evidenceWith(log, departure)).attemptStates;
    expect(without).toMatchObject({ value: { byState: [{ state: "gone" }] } });
    expect(withRecord).toMatchObject({
      value: { of: 1, unexplained: 0, byState: [{ state: "terminating", pod: old, attempts: 1 }] },
    });
  });

  test("one that was killed at once was deleted when it was seen to be gone", () => {
    const record = recordOf([change(0, "listed", podAs()), change(7, "deleted", podAs())]);
    expect(recordedPods(record)[0]).toMatchObject({ deletedMs: at(7), removedMs: at(7) });
  });

  test("one that the end of the evidence does not have is not gone for that", () => {
    const record = recordOf([change(0, "listed", podAs()), ...departure.changes.slice(1, 2)]);
    const facts = factsOf(evidenceWith("", record));
    expect(facts.departed).toMatchObject({ state: "present", value: [] });
    expect(factsOf(evidenceWith("", departure)).departed).toMatchObject({
      value: [{ ref: old, stoppedMs: at(10.4) }],
    });
  });

  test("a StatefulSet's pod of the same name with another uid is another pod", () => {
    const record = recordOf([
      change(0, "listed", podAs({ name: "web-0", uid: "one" })),
      change(3, "deleted", podAs({ name: "web-0", uid: "one" })),
      change(4, "added", podAs({ name: "web-0", uid: "two", createdMs: at(4), ip: "10.0.0.9" })),
    ]);
    expect(recordedPods(record).map(({ uid, removedMs, ips }) => [uid, removedMs, ips[0]])).toEqual([
      ["one", at(3), "10.0.0.1"],
      ["two", undefined, "10.0.0.9"],
    ]);
  });

  test("one that was not ready for a while, and is again, is known to have been", () => {
    const log = nginxLine(22, "a", "10.0.0.2") + nginxError(22, "10.0.0.2");
    const record = recordOf([
      change(0, "listed", flapped(true)),
      change(21, "modified", flapped(false)),
      change(24, "modified", flapped(true)),
    ]);
    expect(factsOf(evidenceWith(log)).attemptStates).toMatchObject({
      value: { byState: [], unexplained: 1 },
    });
    expect(factsOf(evidenceWith(log, record)).attemptStates).toMatchObject({
      value: { byState: [{ state: "not-ready", pod: ref("Pod", newPod, "shop") }], unexplained: 0 },
    });
  });

  test("each end of its containers is kept, where the status knows the last alone", () => {
    const record = recordOf([
      change(0, "listed", podAs({ name: newPod, ip: "10.0.0.2" })),
      change(5, "modified", ended(1, 4)),
      change(15, "modified", ended(2, 14)),
    ]);
    const { pods } = factsOf(evidenceWith("", record));
    const [pod] = pods.state === "present" ? pods.value : [];
    expect(pod?.containers[0]?.terminations.map((t) => [t.reason, t.finishedMs])).toEqual([
      ["OOMKilled", at(14)],
      ["OOMKilled", at(4)],
    ]);
    expect(recordedPods(record)[0]?.restarts).toBe(2);
  });

  test("readiness that came and went between is on the timeline", () => {
    const record = recordOf([
      change(0, "listed", podAs()),
      change(5, "modified", podAs({ ready: false })),
      change(8, "modified", podAs()),
    ]);
    const turns = recordedPods(record)[0]?.timeline.filter((m) => m.atMs >= at(0));
    expect(turns?.map(({ kind, atMs }) => [kind, atMs])).toEqual([
      ["unready", at(5)],
      ["ready", at(8)],
    ]);
  });
});

describe("requests that failed at the client", () => {
  const log =
    nginxLine(9, "fine", "10.0.0.1", 200) +
    nginxLine(11, "r11") +
    nginxError(11) +
    nginxLine(13, "r13") +
    nginxError(13);

  test("are joined by the id they carried, whatever the clocks say", () => {
    const late = sent(11, { endMs: at(11) + 90_000 });
    const told = attributeSent([late, sent(13)], factsOf(evidenceWith(log, departure)), departure);
    expect(told).toMatchObject({
      of: 2,
      explained: 2,
      joined: { id: 2, port: 0, time: 0, not: 0 },
      by: [
        {
          state: "terminating",
          pod: old,
          requests: 2,
          basis: "log",
          afterDeletionMs: { least: 600, most: 2600 },
        },
      ],
    });
    expect(told.by[0]?.example).toMatchObject({ id: "r11", source: `watch of Pod shop/${oldPod}` });
    expect(told.by[0]?.example.text).toMatch(
      /^connect-refused at 10\.0\.0\.1:8080, 1 s after this: delete was called$/,
    );
  });

  test("are joined by the client's port where HAProxy logs it, and each line once", () => {
    const facts = factsOf(evidenceWith(haproxyLine(11, 40_001) + haproxyLine(12, 40_002), departure));
    const requests = [
      sent(11, { localPort: 40_001, status: 503 }),
      sent(12, { localPort: 40_002, status: 503 }),
      sent(12, { id: "other", localPort: 40_003, status: 503 }),
    ];
    const told = attributeSent(requests, facts, departure);
    expect(told.joined).toEqual({ id: 0, port: 2, time: 0, not: 1 });
    // The server's name says nothing of the pod, so that only the time is left.
    expect(told.by.map(({ state, basis, requests: n }) => [state, basis, n])).toEqual([
      ["terminating", "time", 3],
    ]);
  });

  test("are joined by time where none has a port that the gateway saw, as behind a port-forward", () => {
    const facts = factsOf(evidenceWith(haproxyLine(11, 40_001) + haproxyLine(12, 40_002), departure));
    const requests = [
      sent(11, { localPort: 50_001, status: 503 }),
      sent(12, { localPort: 50_002, status: 503 }),
    ];
    expect(attributeSent(requests, facts, departure).joined).toEqual({ id: 0, port: 0, time: 2, not: 0 });
  });

  test("by time alone it is said so, and only what had just happened counts", () => {
    const forbidden = evidenceWith("", departure);
    const facts = factsOf({ ...forbidden, logs: [] });
    const told = attributeSent([unanswered(12), sent(40)], facts, departure);
    expect(told).toMatchObject({
      of: 2,
      explained: 1,
      joined: { not: 2 },
      by: [{ state: "terminating", basis: "time" }],
    });
    expect(told.logProblem).toMatch(/no log of a gateway was read/);
    expect(told.by[0]?.example.text).toBe(
      `ECONNRESET, 2 s after this: Pod shop/${oldPod}: delete was called; which pod was asked is in no log`,
    );
  });

  test("the sender's clock is set by the record's", () => {
    const slow = { ...departure, skewMs: 3_600_000 };
    const told = attributeSent(
      [sent(12, { endMs: at(12) - 3_600_000 })],
      factsOf({ ...evidenceWith("", slow), logs: [] }),
      slow,
    );
    expect(told.by).toMatchObject([{ state: "terminating", basis: "time" }]);
  });

  test("one that the log has, and around which nothing happened, is not explained by its time", () => {
    const own = nginxLine(30, "r30", "10.0.0.2");
    const told = attributeSent([sent(30)], factsOf(evidenceWith(own, departure)), departure);
    expect(told).toMatchObject({ of: 1, explained: 0, by: [], joined: { id: 1 } });
  });

  test("somebody else's line with another id is not taken, however near", () => {
    const told = attributeSent([sent(11, { id: "mine" })], factsOf(evidenceWith(log, departure)), departure);
    expect(told.joined).toEqual({ id: 0, port: 0, time: 0, not: 1 });
  });
});

function traffic(log: string): Traffic {
  const facts = factsOf(evidenceWith(log, departure));
  if (facts.traffic.state !== "present") throw new Error("no traffic");
  return facts.traffic.value;
}

describe("how long the gateway goes on after a deletion", () => {
  test("is until the last attempt at the pod's address began, failed or not", () => {
    const log = nginxLine(9, "a", "10.0.0.1", 200) + nginxLine(12, "b", "10.0.0.1", 200) + nginxLine(14, "c");
    expect(drainGaps(departure, traffic(log))).toEqual({
      gaps: [{ pod: old, deletedAtMs: at(10.4), lastSentMs: at(14) + 997, gapMs: 4597 }],
      deletions: 1,
      resolutionMs: 1000,
      preStopSeconds: 7,
    });
  });

  test("a slow request that was under way at the deletion was not sent after it", () => {
    const log = nginxLine(18, "a", "10.0.0.1", 200, 9);
    expect(drainGaps(departure, traffic(log)).gaps).toEqual([{ pod: old, deletedAtMs: at(10.4), gapMs: 0 }]);
  });

  test("is nothing where none came, and still a margin", () => {
    const drain = drainGaps(departure, traffic(nginxLine(9, "a", "10.0.0.1", 200)));
    expect(drain.gaps).toEqual([{ pod: old, deletedAtMs: at(10.4), gapMs: 0 }]);
    expect(drain.preStopSeconds).toBe(5);
  });

  test("a pod that was never asked tells nothing", () => {
    const drain = drainGaps(departure, traffic(nginxLine(9, "a", "10.0.0.2", 200)));
    expect(drain).toMatchObject({ gaps: [], deletions: 1 });
    expect(drain.preStopSeconds).toBeUndefined();
  });

  test("a deletion from before the watching is not measured", () => {
    const before = recordOf([
      change(0, "listed", podAs({ deletedMs: at(-5) })),
      change(3, "deleted", podAs({ deletedMs: at(-5) })),
    ]);
    expect(drainGaps(before, traffic(nginxLine(2, "a")))).toMatchObject({ deletions: 0, gaps: [] });
  });

  test("what comes to the address when another pod has it is not of the one that is gone", () => {
    const reused = recordOf([
      ...departure.changes,
      change(25, "added", podAs({ name: newPod, uid: "next", createdMs: at(25) })),
    ]);
    const log = nginxLine(12, "a") + nginxLine(50, "b", "10.0.0.1", 200);
    expect(drainGaps(reused, traffic(log)).gaps[0]?.gapMs).toBe(2599);
  });
});
