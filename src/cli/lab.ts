import type { Call } from "./command.ts";
import { UsageProblem } from "./usage-problem.ts";

/** Each part is loaded when it is asked for. */
const parts = {
  list: async () => (await import("./lab/list.ts")).list,
  run: async () => (await import("./lab/run.ts")).run,
  up: async () => (await import("./lab/up.ts")).up,
  down: async () => (await import("./lab/down.ts")).down,
  record: async () => (await import("./lab/record.ts")).record,
  fix: async () => (await import("./lab/fix.ts")).fix,
  score: async () => (await import("./lab/score.ts")).score,
} as const satisfies Readonly<Record<string, () => Promise<(call: Call) => Promise<number>>>>;

export async function run(call: Call): Promise<number> {
  const [name = "", ...operands] = call.operands;
  if (!Object.hasOwn(parts, name))
    throw new UsageProblem(`lab ${name}: choose one of ${Object.keys(parts).join(", ")}.`);
  if (call.values.metrics === true && name !== "up")
    throw new UsageProblem(`lab ${name} takes no --metrics: lab up has a Prometheus.`);
  const part = await parts[name as keyof typeof parts]();
  return part({ ...call, operands });
}
