import { describe, expect, it } from "vitest";
import { speaksFor } from "../../src/causes/clue.ts";
import { absent, present } from "../../src/evidence/observed.ts";
import type { EndpointsView } from "../../src/derive/views.ts";
import { settle } from "../../src/verdict/settle.ts";
import { factsWith, found, request, trafficOf } from "./fixtures.ts";

const alive = present({ ready: [{}], all: [{}] } as unknown as EndpointsView);
const dead = present({ ready: [], all: [] } as unknown as EndpointsView);
const many = (n: number, failure: Parameters<typeof request>[0]) =>
  Array.from({ length: n }, (_, i) => request(failure, i));

describe("settle", () => {
  it("withdraws a cause that explains none of what failed", () => {
    const facts = factsWith({ endpoints: alive, traffic: trafficOf(many(10, "connect-refused"), 100) });
    const { ranked, others } = settle([found("oom", { explains: "closed-before-header" })], facts);
    expect(ranked).toEqual([]);
    expect(others[0]).toMatchObject({
      state: "undecided",
      why: "seen, but it explains none of the 10 failed requests",
    });
  });

  it("withdraws every cause when requests were seen and none failed", () => {
    const facts = factsWith({ endpoints: alive, traffic: trafficOf([], 100) });
    expect(
      settle([found("oom", { explains: "closed-before-header" }), found("static")], facts).ranked,
    ).toEqual([]);
  });

  it("keeps a cause of a route that cannot work, whatever the log of the past shows", () => {
    const facts = factsWith({ endpoints: dead, traffic: trafficOf([], 100) });
    expect(settle([found("no-endpoints", { explains: "no-endpoint" })], facts).ranked).toHaveLength(1);
    const missing = factsWith({ service: absent("no Service"), traffic: trafficOf([], 100) });
    expect(settle([found("service-missing", { explains: "no-endpoint" })], missing).ranked).toHaveLength(1);
  });

  it("keeps the deeper cause through what it leads to", () => {
    const facts = factsWith({ endpoints: alive, traffic: trafficOf(many(3, "no-endpoint"), 10) });
    const { ranked } = settle(
      [found("outer", { explains: "no-endpoint" }), found("inner", { leadsTo: ["outer"] })],
      facts,
    );
    expect(ranked[0]).toMatchObject({ explained: 3, couldExplain: 3 });
    expect(ranked[0]!.chain.root.cause.id).toBe("inner");
  });

  it("gives each failure to one cause and withdraws the one that is left with nothing", () => {
    const facts = factsWith({ endpoints: alive, traffic: trafficOf(many(8, "connect-refused"), 10) });
    const { ranked, others } = settle(
      [
        found("better", { explains: "connect-refused", confidence: 0.95 }),
        found("worse", { explains: "connect-refused", confidence: 0.6 }),
      ],
      facts,
    );
    expect(ranked.map((r) => [r.chain.root.cause.id, r.explained])).toEqual([["better", 8]]);
    expect(others.map((o) => o.why)).toEqual(["better explains the same failures better"]);
  });

  it("lets two causes stand when each has failures of its own", () => {
    const facts = factsWith({
      endpoints: alive,
      traffic: trafficOf([...many(5, "connect-refused"), ...many(3, "response-timeout")], 10),
    });
    const { ranked } = settle(
      [found("a", { explains: "connect-refused" }), found("b", { explains: "response-timeout" })],
      facts,
    );
    expect(ranked.map((r) => r.explained)).toEqual([5, 3]);
  });

  it("does not withdraw a decisive cause for being covered", () => {
    const facts = factsWith({ endpoints: alive, traffic: trafficOf(many(8, "connect-refused"), 10) });
    const clues = [speaksFor.decisive("seen", "there")];
    const { ranked } = settle(
      [
        found("a", { explains: "connect-refused", confidence: 0.99 }),
        found("b", { explains: "connect-refused", confidence: 0.98, clues }),
      ],
      facts,
    );
    expect(ranked).toHaveLength(2);
  });

  it("judges by masked failures when no client saw one", () => {
    const facts = factsWith({
      endpoints: alive,
      traffic: trafficOf([], 50, many(4, "closed-before-header")),
    });
    expect(settle([found("race", { explains: "closed-before-header" })], facts).ranked[0]).toMatchObject({
      explained: 4,
    });
  });
});
