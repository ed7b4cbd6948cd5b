import { describe, expect, test } from "vitest";
import { evidenceOf, frozenCases } from "../../corpus/frozen-cases.ts";
import { resolveRoutes } from "../../src/derive/routes.ts";
import { type Failing, failingRequest } from "../../src/fix/failing-request.ts";
import { parseTarget } from "../../src/target/target.ts";

async function failingOf(id: string, method?: string): Promise<Failing> {
  const recorded = frozenCases().find((c) => c.id === id);
  if (recorded === undefined) throw new Error(`corpus/${id} is gone`);
  const evidence = await evidenceOf(recorded);
  const route = resolveRoutes(evidence, parseTarget(recorded.target, recorded.namespace)).routes[0];
  if (route === undefined) throw new Error(`${id} has no route`);
  return failingRequest(evidence, route, method);
}

describe("the request that failed most", () => {
  test("is counted among those of its path while they failed", async () => {
    expect(await failingOf("target-port-nobody-listens-on")).toMatchObject({
      kind: "found",
      request: { method: "GET", path: "/cart", counted: { requests: 36, failed: 36 } },
    });
  });

  test("of a race that spares what can be tried again is found with its method only", async () => {
    expect(await failingOf("application-closes-idle-connections-first")).toMatchObject({
      kind: "others",
      methods: ["POST"],
    });
    expect(await failingOf("application-closes-idle-connections-first", "POST")).toMatchObject({
      kind: "found",
      request: { method: "POST" },
    });
  });

  test("never failed more often than it was sent", async () => {
    const all = await Promise.all(frozenCases().map(({ id }) => failingOf(id).catch(() => undefined)));
    const found = all.filter((failing) => failing?.kind === "found");
    expect(found.length).toBeGreaterThan(100);
    const wrong = found.filter(
      ({ request: { counted } }) => counted.failed < 1 || counted.failed > counted.requests,
    );
    expect(wrong).toEqual([]);
  });

  test("of a healthy route is none", async () => {
    expect(await failingOf("healthy-steady")).toMatchObject({ kind: "none" });
  });
});
