/** How long the lab's gateways go on sending to an endpoint that was taken out, and how late its load is. */
import { fileURLToPath } from "node:url";
import type { Tally } from "../lab/load/tally.ts";
import { inside } from "../test/lab/network/inside.ts";

const stage = (path: string): string => fileURLToPath(new URL(`../test/lab/${path}`, import.meta.url));
const rows = (["nginx", "haproxy", "slowed"] as const).map((name) => {
  const seen = inside<number[]>(stage("gateways/propagation-stage.ts"), name);
  return `${name.padEnd(10)} ${seen.map((ms) => String(ms).padStart(6)).join("")}`;
});
const { lateness } = inside<{ tally: Tally }>(stage("load/load-stage.ts"), "lateness").tally;
const ms = (value: number): string => value.toFixed(1);
process.stdout.write(
  `ms until the last request to a removed endpoint:\n${rows.join("\n")}\n` +
    `lateness of 200 requests a second, ms: median ${ms(lateness.p50Ms)}, p99 ${ms(lateness.p99Ms)}, max ${ms(lateness.maxMs)}\n`,
);
