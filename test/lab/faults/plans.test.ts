import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../lab/api-server/store.ts";
import type { KubeObject } from "../../../lab/api-server/stored-object.ts";
import { openWrites } from "../../../lab/api-server/writes/open-writes.ts";
import { faults, planOf } from "../../../lab/faults/all.ts";
import type { Plan } from "../../../lab/faults/fault.ts";
import { applyObjects } from "../../../lab/machine/apply-objects.ts";
import { baseObjects } from "../../../lab/machine/base-objects.ts";
import { contains } from "../../../lab/network/addresses.ts";
import { evidenceOf } from "../../support/evidence.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const pages = new Set(readdirSync(`${root}docs/causes`).map((name) => name.replace(/\.md$/, "")));
const seeds = [1, 2, 3, 4, 5] as const;
const nowMs = Date.parse("2026-01-01T12:00:00Z");

/** All of a plan that is data. */
const dataOf = ({ steps, ...rest }: Plan): unknown =>
  JSON.parse(JSON.stringify({ ...rest, steps: steps.map(({ atMs, text }) => ({ atMs, text })) }));

const nameOf = ({ kind, metadata }: KubeObject): string =>
  `${kind} ${metadata?.namespace ?? ""}/${metadata?.name}`;

const plans = faults.flatMap((fault) =>
  fault.gateways.flatMap((gateway) =>
    seeds.map((seed) => ({
      name: `${fault.id}, ${gateway}, seed ${seed}`,
      fault,
      make: (): Plan => planOf(fault.id, seed, gateway)!,
    })),
  ),
);

/** What the API double says to the objects of a plan, applied in order; undefined when it takes them. */
function refusalOf({ objects }: Plan): string | undefined {
  const store = openStore(evidenceOf([]));
  const writes = openWrites(store, () => nowMs);
  applyObjects(writes, baseObjects);
  for (const object of objects) {
    try {
      applyObjects(writes, [object]);
    } catch (error) {
      return `${nameOf(object)}: ${String(error)}`;
    }
  }
  return undefined;
}

describe("every fault", () => {
  it("has an id of its own, and a file of that name", () => {
    const ids = faults.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !existsSync(`${root}lab/faults/${id}.ts`))).toEqual([]);
  });

  it("names causes that have a page", () => {
    const unknown = faults.flatMap(({ id, causes, acceptable = [] }) =>
      [...causes, ...acceptable].filter((cause) => !pages.has(cause)).map((cause) => `${id}: ${cause}`),
    );
    expect(unknown).toEqual([]);
    expect(pages.size).toBeGreaterThan(50);
  });
});

describe("every plan", () => {
  it("is the same whenever it is made, and another for another seed", () => {
    const unlike = plans.filter(
      ({ make }) => JSON.stringify(dataOf(make())) !== JSON.stringify(dataOf(make())),
    );
    expect(unlike.map(({ name }) => name)).toEqual([]);
    for (const { id, gateways } of faults) {
      const variants = new Set(seeds.map((seed) => JSON.stringify(dataOf(planOf(id, seed, gateways[0]!)!))));
      expect([id, variants.size]).toEqual([id, seeds.length]);
    }
  });

  it("has objects that the API server takes", () => {
    const refused = plans.flatMap(({ name, make }) => {
      const refusal = refusalOf(make());
      return refusal === undefined ? [] : [`${name}: ${refusal}`];
    });
    expect(refused).toEqual([]);
  });

  it("waits for Deployments that are there, and asks about what its traffic goes to", () => {
    const wrong = plans.flatMap(({ name, make }) => {
      const { objects, waitFor = [], target, traffic } = make();
      const names = new Set(objects.map(nameOf));
      return [
        ...waitFor.filter((each) => !names.has(`Deployment ${each}`)).map((each) => `${name}: no ${each}`),
        ...(traffic.some(({ host, paths }) => paths.some(({ path }) => `${host}${path}`.startsWith(target)))
          ? []
          : [`${name}: nothing is sent to ${target}`]),
      ];
    });
    expect(wrong).toEqual([]);
  });

  it("sends from addresses outside the cluster, for less than a minute", () => {
    const wrong = plans.filter(({ make }) => {
      const { traffic, seconds } = make();
      const clients = traffic.flatMap((stream) => stream.clients);
      return clients.length === 0 || !clients.every((c) => contains("198.51.100.0/24", c)) || seconds > 60;
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });
});
