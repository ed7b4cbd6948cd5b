import { describe, expect, it } from "vitest";
import type { Fault, Plan } from "../../../lab/faults/fault.ts";
import type { TriedRequest } from "../../../lab/load/tried-request.ts";
import type { LoggedRequest } from "../../../src/logs/traffic.ts";
import { seededRandom } from "../../../lab/faults/random.ts";
import { attributionOf } from "../../../src/cli/lab/attribution.ts";
import { failedOf } from "../../../src/cli/lab/failed-request.ts";
import { causedReport } from "./reports.ts";

const tried = (id: string, more: Partial<TriedRequest> = {}): TriedRequest => ({
  id,
  method: "GET",
  host: "shop.example.com",
  path: "/cart",
  client: "198.51.100.7",
  dueMs: 1000,
  startMs: 1000,
  endMs: 1500,
  status: 502,
  ...more,
});

const logged = (more: Partial<LoggedRequest>): LoggedRequest => ({
  startMs: 1000,
  endMs: 1500,
  durationMs: 500,
  method: "GET",
  path: "/cart",
  status: 502,
  bodyBytes: 0,
  client: "198.51.100.7",
  attempts: [],
  line: "",
  ...more,
});

const fault: Fault = {
  id: "oom-killed",
  title: "",
  causes: ["oom-killed"],
  acceptable: ["crash-loop-backoff"],
  gateways: ["nginx"],
  plan: () => plan,
};

const two: Fault = {
  ...fault,
  causes: ["oom-killed", "app-emitted-5xx"],
  acceptable: [],
  plan: () => ({
    ...plan,
    isOwn: () => true,
    causeOf: ({ path }) => (path === "/cart" ? "oom-killed" : "app-emitted-5xx"),
  }),
};

const plan: Plan = {
  target: "shop.example.com/cart",
  objects: [],
  traffic: [],
  seconds: 1,
  steps: [],
  isOwn: ({ path }) => path !== "/cart/other",
};

const attributed = (
  requests: readonly TriedRequest[],
  claims: Record<string, LoggedRequest[]>,
  { of = fault, leavingNoLine = [], unclaimed = [] }: Beside = {},
) =>
  attributionOf(
    of,
    failedOf(of.plan(seededRandom(1), "nginx"), { atMs: 0, tried: requests }),
    causedReport(Object.keys(claims)),
    {
      claimed: new Map(Object.entries(claims).map(([cause, requests]) => [cause, new Set(requests)])),
      leavingNoLine: new Set(leavingNoLine),
      logged: new Set([...Object.values(claims).flat(), ...unclaimed]),
    },
  );

interface Beside {
  readonly of?: Fault;
  readonly leavingNoLine?: readonly string[];
  /** Logged as failed, and explained by nothing. */
  readonly unclaimed?: readonly LoggedRequest[];
}

describe("requests are attributed one by one", () => {
  it("by the request id that the gateway logged", () => {
    const requests = [tried("a"), tried("b"), tried("c", { status: 200 })];
    const claims = { "oom-killed": [logged({ requestId: "a" }), logged({ requestId: "c" })] };
    expect(attributed(requests, claims)).toEqual({ failed: 2, unanswered: 0, own: 2, right: 1, wrong: 0 });
  });

  it("by client, path and time where the log has no id", () => {
    const requests = [tried("a"), tried("b", { endMs: 9000 }), tried("c", { client: "198.51.100.8" })];
    const claims = { "oom-killed": [logged({ endMs: 1560 })] };
    expect(attributed(requests, claims)).toEqual({ failed: 3, unanswered: 0, own: 3, right: 1, wrong: 0 });
  });

  it("counts those without an answer", () => {
    const { status: _status, ...silent } = tried("a", { error: "ECONNRESET" });
    expect(attributed([silent], {})).toEqual({ failed: 1, unanswered: 1, own: 1, right: 0, wrong: 0 });
  });

  it("to the first finding that claims them; a true cause may be an outer one", () => {
    const both = [logged({ requestId: "a" })];
    expect(attributed([tried("a")], { "slow-dependency": both, "oom-killed": both })).toEqual({
      failed: 1,
      unanswered: 0,
      own: 1,
      right: 0,
      wrong: 1,
    });
    expect(attributed([tried("a")], { "crash-loop-backoff": both }).right).toBe(1);
  });

  it("rightly to nothing when the fault is not to blame, and not at all on other routes", () => {
    const requests = [tried("a", { path: "/cart/other" }), tried("b", { path: "/reviews" })];
    expect(attributed(requests, {})).toEqual({ failed: 1, unanswered: 0, own: 0, right: 1, wrong: 0 });
    const claims = { "oom-killed": [logged({ requestId: "a" })] };
    expect(attributed(requests, claims)).toEqual({ failed: 1, unanswered: 0, own: 0, right: 0, wrong: 1 });
  });

  it("to a cause that leaves no line only where the gateway logged no failure", () => {
    const restart: Fault = { ...fault, causes: ["ingress-controller-restart"] };
    const unclaimed = [logged({ requestId: "b" })];
    const beside = { of: restart, leavingNoLine: ["ingress-controller-restart"], unclaimed };
    expect(attributed([tried("a"), tried("b")], { "ingress-controller-restart": [] }, beside)).toMatchObject({
      failed: 2,
      right: 1,
      wrong: 0,
    });
    expect(attributed([tried("a")], { "ingress-controller-restart": [] }, { of: restart }).right).toBe(0);
  });

  it("each to its own of several causes", () => {
    const requests = [tried("a"), tried("b", { path: "/cart/other" })];
    const [a, b] = [logged({ requestId: "a" }), logged({ requestId: "b" })];
    const right = attributed(requests, { "oom-killed": [a], "app-emitted-5xx": [b] }, { of: two });
    expect(right).toMatchObject({ own: 2, right: 2, wrong: 0 });
    const swapped = attributed(requests, { "oom-killed": [b], "app-emitted-5xx": [a] }, { of: two });
    expect(swapped).toMatchObject({ own: 2, right: 0, wrong: 2 });
  });
});
