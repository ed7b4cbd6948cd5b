import { describe, expect, it } from "vitest";
import { rolloutBadRevision } from "../../src/causes/pod/rollout-bad-revision.ts";
import type { Observations } from "../../src/derive/observations.ts";
import type { PodView, Workload } from "../../src/derive/views.ts";
import { present, unknown } from "../../src/evidence/observed.ts";
import type { AddressStats, Attempt } from "../../src/logs/traffic.ts";
import { weighCause } from "../../src/verdict/finding.ts";
import { request, traffic } from "./traffic.ts";

const pod = (ip: string, templateHash: string): PodView =>
  ({ ips: [ip], templateHash, ready: true, createdMs: 0, containers: [] }) as unknown as PodView;

const workload = {
  ref: { kind: "Deployment", namespace: "shop", name: "cart" },
  conditions: [],
  revisions: [
    { ref: { kind: "ReplicaSet", name: "cart-new" }, hash: "new", number: 2, createdMs: 1000 },
    { ref: { kind: "ReplicaSet", name: "cart-old" }, hash: "old", number: 1, createdMs: 0 },
  ],
} as unknown as Workload;

const stats = (failed: number): AddressStats => ({
  attempts: 20,
  failed,
  byClass: {},
  firstSeenMs: 1000,
  lastSeenMs: 9000,
  lastSentMs: 9000,
  lastSuccessMs: 9000,
  firstSuccessMs: 2000,
  ...(failed === 0 ? {} : { firstFailureMs: 2000, lastFailureMs: 9000 }),
});

/** Asked, and never an answer. */
const { firstSuccessMs: _first, lastSuccessMs: _last, ...silent } = stats(20);

/** Failed attempts: of these addresses, so many each. */
function stateOf(
  failed: Readonly<Record<string, number>>,
  took: Partial<Attempt> = {},
  newPod: {
    readonly hasAnswered?: false;
    readonly readyChangedMs?: number;
    readonly createdMs?: number;
    readonly templateHash?: string;
  } = {},
  of: Workload = workload,
): string {
  const failures = Object.entries(failed).flatMap(([address, times]) =>
    Array.from({ length: times }, () =>
      request({ endMs: 9000, attempts: [{ address, failure: "connect-refused", ...took }] }),
    ),
  );
  const addresses = new Map([
    ["10.42.1.5:8080", stats(failed["10.42.1.5:8080"] ?? 0)],
    ["10.42.1.9:8080", newPod.hasAnswered === false ? silent : stats(failed["10.42.1.9:8080"] ?? 0)],
  ]);
  const facts = {
    pods: present([{ ...pod("10.42.1.9", "new"), ...newPod }, pod("10.42.1.5", "old")]),
    workloads: present([of]),
    traffic: present(traffic({ failures, addresses, succeeded: 20 })),
    events: unknown("events", "not in the bundle"),
    departed: unknown("departed", "not in the bundle"),
    patterns: unknown("patterns", "not in the bundle"),
  } as unknown as Observations;
  return weighCause(rolloutBadRevision as never, facts).state;
}

describe("failures that keep to the pods of the newest revision", () => {
  it("show that it is broken, also after its pods were restarted", () => {
    const annotations = { "kubectl.kubernetes.io/restartedAt": "1970-01-01T00:00:04Z" };
    const [made, before] = workload.revisions.map((revision, i) => ({
      ...revision,
      spec: { containers: [{ name: "app", image: `shop/cart:${i}` }] },
    }));
    const again = { ...made, hash: "again", number: 3, createdMs: 4000, annotations };
    const of = { ...workload, revisions: [again, made, before] } as unknown as Workload;
    expect(stateOf({ "10.42.1.9:8080": 12 }, {}, { templateHash: "again" }, of)).toBe("supported");
    const alone = { ...workload, revisions: [again, made] } as unknown as Workload;
    expect(stateOf({ "10.42.1.9:8080": 12 }, {}, { templateHash: "again" }, alone)).toBe("refuted");
  });

  it("show that it is broken", () => {
    expect(stateOf({ "10.42.1.9:8080": 12 })).toBe("supported");
  });

  it("show it although HAProxy forgot the server of some", () => {
    expect(stateOf({ "10.42.1.9:8080": 12, "-": 4 })).toBe("supported");
  });

  it("do not when each was sent before its pod's first answer, however late its time was over", () => {
    const late: Partial<Attempt> = { failure: "response-timeout", startMs: 1900, durationMs: 7100 };
    expect(stateOf({ "10.42.1.9:8080": 12 }, late)).toBe("refuted");
    expect(stateOf({ "10.42.1.9:8080": 12 }, { ...late, startMs: 4000, durationMs: 5000 })).toBe("supported");
  });

  it("are too few to tell while new pods without a probe have answered nothing yet", () => {
    const refused = { "10.42.1.9:8080": 12 };
    expect(stateOf(refused, {}, { hasAnswered: false })).toBe("undecided");
    expect(stateOf(refused, {}, { hasAnswered: false, createdMs: -3_600_000 })).toBe("supported");
  });

  it("do not when the pod was ready only after them", () => {
    expect(stateOf({ "10.42.1.9:8080": 12 }, {}, { hasAnswered: false, readyChangedMs: 9500 })).toBe(
      "refuted",
    );
  });

  it("do not when older pods fail as well", () => {
    expect(stateOf({ "10.42.1.9:8080": 12, "10.42.1.5:8080": 4 })).toBe("refuted");
  });
});
