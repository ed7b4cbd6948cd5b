import { describe, expect, it } from "vitest";
import type { Fault, Plan } from "../../../lab/faults/fault.ts";
import type { TriedRequest } from "../../../lab/load/tried-request.ts";
import type { LoggedRequest } from "../../../src/logs/traffic.ts";
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

const plan: Plan = {
  target: "shop.example.com/cart",
  objects: [],
  traffic: [],
  seconds: 1,
  steps: [],
  isOwn: ({ path }) => path !== "/cart/other",
};

const attributed = (requests: readonly TriedRequest[], claims: Record<string, LoggedRequest[]>) =>
  attributionOf(
    fault,
    failedOf(plan, { atMs: 0, tried: requests }),
    causedReport(Object.keys(claims)),
    new Map(Object.entries(claims).map(([cause, of]) => [cause, new Set(of)])),
  );

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
});
