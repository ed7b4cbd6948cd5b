import { describe, expect, it } from "vitest";
import { addressLives } from "../../../src/logs/patterns/address-life.ts";
import { concentrations } from "../../../src/logs/patterns/concentration.ts";
import { cutOffDurations } from "../../../src/logs/patterns/cut-off-durations.ts";
import { endAlignments } from "../../../src/logs/patterns/end-alignment.ts";
import { methodSkews } from "../../../src/logs/patterns/method-skew.ts";
import type { Pattern } from "../../../src/logs/patterns/pattern.ts";
import { sizeThresholds } from "../../../src/logs/patterns/size-threshold.ts";
import { timerPileUps } from "../../../src/logs/patterns/timer-pile-up.ts";
import type { Traffic } from "../../../src/logs/traffic.ts";
import * as worlds from "./place-worlds.ts";

const seeds = Array.from({ length: 100 }, (_, i) => i + 1);

const ownTimer = [{ name: "proxy-read-timeout of Ingress shop/cart", valueMs: 10_000 }];

const all = (traffic: Traffic): readonly Pattern[] => [
  ...timerPileUps(traffic),
  ...concentrations(traffic, worlds.threeNodes),
  ...concentrations(traffic, worlds.twoRevisions),
  ...methodSkews(traffic),
  ...endAlignments(traffic),
  ...addressLives(traffic),
  ...cutOffDurations(traffic),
  ...sizeThresholds(traffic),
];

type World = (seed: number) => Traffic;
type True = readonly [name: string, world: World, found: (traffic: Traffic) => boolean];

const heapAt = (atMs: number, timer: string | undefined) => (traffic: Traffic) =>
  timerPileUps(traffic).some(
    (heap) =>
      heap.atMs === atMs &&
      (timer === undefined ? heap.timers.length === 0 : heap.timers.some((t) => t.includes(timer))),
  );
const sitsOn =
  (on: string, key: string, places = worlds.threeNodes as Parameters<typeof concentrations>[1]) =>
  (traffic: Traffic) =>
    concentrations(traffic, places).some((c) => c.on === on && c.keys.join() === key);
const lives = (life: string, address: string) => (traffic: Traffic) =>
  addressLives(traffic).some((l) => l.life === life && l.addresses.includes(address));

const truths: readonly True[] = [
  [
    "timer of 60 s",
    (seed) => worlds.timesOutAt(seed, 60_000),
    heapAt(60_000, "proxy-read-timeout (default 60 s)"),
  ],
  ["timer of 7.5 s, known to nobody", (seed) => worlds.timesOutAt(seed, 7500), heapAt(7500, undefined)],
  ["timer of 30 s among instant closes", worlds.workersKilled, heapAt(30_000, "gunicorn")],
  [
    "timer of the route itself",
    (seed) => worlds.timesOutAt(seed, 10_000),
    (t) =>
      timerPileUps(t, ownTimer).some(
        (h) => h.timers.join() === "proxy-read-timeout of Ingress shop/cart (10 s)",
      ),
  ],
  ["one of four pods", worlds.onePodFails, sitsOn("address", "10.0.0.2:8080")],
  ["one of three nodes", worlds.oneNodeUnreachable, sitsOn("node", "node-b")],
  ["new revision", worlds.newRevisionFails, sitsOn("revision", "new", worlds.twoRevisions)],
  ["one path", worlds.onePathFails, sitsOn("path", "/search")],
  ["one client", worlds.oneClientFails, sitsOn("client", "192.0.2.7")],
  ["one gateway pod", worlds.oneGatewayPodFails, sitsOn("gateway-pod", "ingress-nginx/controller-a")],
  ["POSTs in sight, GETs hidden", worlds.idleRace, (t) => methodSkews(t).length === 1],
  [
    "ends aligned by a kill",
    worlds.podKilled,
    (t) => endAlignments(t).some((e) => e.address === "10.0.0.3:8080"),
  ],
  ["recovered", worlds.podKilled, lives("recovered", "10.0.0.3:8080")],
  ["vanished", worlds.oldPodsRefuse, lives("vanished", "10.0.0.2:8080")],
  ["not ready yet", worlds.newPodsRefuse, lives("not-ready-yet", "10.0.2.1:8080")],
  ["never worked", worlds.newPodNeverServes, lives("never-worked", "10.0.2.1:8080")],
  ["durations cut off", worlds.slowReports, (t) => cutOffDurations(t).some((c) => c.template === "/report")],
  ["size", worlds.largeHeadersFail, (t) => sizeThresholds(t).some((s) => s.bytes > 8000 && s.bytes < 10_000)],
];

type Innocent = readonly [name: string, world: World, kinds: readonly string[]];

const innocents: readonly Innocent[] = [
  [
    "race on idle connections",
    worlds.idleRace,
    [
      "timer-pile-up",
      "concentration",
      "end-alignment",
      "address-life",
      "cut-off-durations",
      "size-threshold",
    ],
  ],
  [
    "everything down for 30 s",
    worlds.everythingDown,
    [
      "timer-pile-up",
      "concentration",
      "method-skew",
      "end-alignment",
      "vanished",
      "cut-off-durations",
      "size-threshold",
    ],
  ],
  [
    "unequal pods fail alike",
    worlds.unequalPods,
    ["concentration", "method-skew", "address-life", "size-threshold"],
  ],
  [
    "outage after a clean rollout",
    worlds.outageAfterRollout,
    ["concentration", "vanished", "never-worked", "not-ready-yet"],
  ],
  ["failures of any duration", worlds.anyDuration, ["timer-pile-up", "end-alignment", "cut-off-durations"]],
  [
    "fast application hangs",
    worlds.hangs,
    ["concentration", "end-alignment", "cut-off-durations", "method-skew"],
  ],
];

const nameOf = (pattern: Pattern): string[] =>
  pattern.kind === "address-life" ? [pattern.kind, pattern.life] : [pattern.kind];

const row = (name: string, count: number): string => `${name.padEnd(52)} ${String(count).padStart(3)}`;

describe("patterns of place and shape on simulated traffic", () => {
  const lines: string[] = [];

  it.for(truths)("finds: %s", { timeout: 60_000 }, ([name, world, found]) => {
    const count = seeds.filter((seed) => found(world(seed))).length;
    lines.push(row(`found: ${name}`, count));
    expect(count).toBeGreaterThanOrEqual(95);
  });

  it.for(innocents)("does not report on: %s", { timeout: 60_000 }, ([name, world, kinds]) => {
    const reported = seeds.map((seed) => new Set(all(world(seed)).flatMap(nameOf)));
    const counts = kinds.map((kind) => [kind, reported.filter((names) => names.has(kind)).length] as const);
    for (const [kind, count] of counts) lines.push(row(`not there: ${kind}, ${name}`, count));
    expect(counts.filter(([, count]) => count > 2)).toEqual([]);
  });

  it("prints what it found", () => {
    process.stdout.write(`of 100 seeds each\n${lines.join("\n")}\n`);
    expect(lines.length).toBe(truths.length + innocents.reduce((sum, [, , kinds]) => sum + kinds.length, 0));
  });
});
