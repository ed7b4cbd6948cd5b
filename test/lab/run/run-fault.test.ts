import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { faultOf } from "../../../lab/faults/all.ts";
import type { Fault } from "../../../lab/faults/fault.ts";
import { missingForHaproxy } from "../../../lab/gateways/haproxy/requirements.ts";
import { missingForNginx } from "../../../lab/gateways/nginx/requirements.ts";
import type { TriedRequest } from "../../../lab/load/tried-request.ts";
import { tallyOf } from "../../../lab/load/tally.ts";
import { hasFailed, type Run, runFault } from "../../../lab/run/run-fault.ts";
import { attributionOf } from "../../../src/cli/lab/attribution.ts";
import { diagnoseLab } from "../../../src/cli/lab/diagnosis.ts";
import type { Explained } from "../../../src/cli/lab/explained.ts";
import { failedOf } from "../../../src/cli/lab/failed-request.ts";
import type { Report } from "../../../src/report/report.ts";
import { lacks } from "../../support/programs.ts";
import { processesOf } from "../machine/launched.ts";
import { needed } from "../network/inside.ts";

function cannot(missing: string | undefined): boolean {
  if (missing !== undefined) process.stderr.write(`skipped: a run of a fault, as ${missing}\n`);
  return missing !== undefined || lacks("a run of a fault", ...needed);
}

const fault = (id: string): Fault => {
  const found = faultOf(id);
  if (found === undefined) throw new Error(`no fault ${id}`);
  return found;
};

const counted = (tried: readonly TriedRequest[]): unknown => tallyOf(tried).byClass;

/** Runs, hands over, and sees to it that nothing is left. */
async function during<T>(run: Run, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } finally {
    await run.stop();
    expect([existsSync(run.lab.folder), processesOf(run.lab.folder)]).toEqual([false, []]);
  }
}

describe.skipIf(cannot(missingForNginx()))("a fault behind nginx", () => {
  it("fails, is named live for every request, and is mended", async () => {
    const told: string[] = [];
    const run = await runFault(fault("wrong-target-port-number"), {
      seed: 2,
      gateway: "nginx",
      seconds: 5,
      onProgress: (text) => told.push(text),
    });
    await during(run, async () => {
      const { tried } = run.sent;
      expect(counted(tried)).toEqual({ "5xx": tried.length });
      expect(tried.length).toBeGreaterThan(10);
      const { report, explained } = await diagnoseLab(run.lab, run.plan);
      expect(report.targets[0]?.findings[0]).toMatchObject({
        cause: "wrong-target-port-number",
        state: "supported",
        share: { explained: tried.length, of: tried.length },
      });
      const failed = tried.length;
      expect(attributed(run, report, explained)).toMatchObject({
        failed,
        own: failed,
        right: failed,
        wrong: 0,
      });
      const mended = (await run.mend())?.tried ?? [];
      expect(counted(mended)).toEqual({ "2xx": mended.length });
      expect(told).toContain("mending");
    });
  });
});

const attributed = ({ fault: of, plan, sent }: Run, ...diagnosed: [Report, Explained]) =>
  attributionOf(of, failedOf(plan, sent), ...diagnosed);

describe.skipIf(cannot(missingForHaproxy()))("a fault behind HAProxy", () => {
  it("has requests of its own and others, told apart by the plan", async () => {
    const run = await runFault(fault("app-emitted-5xx"), { seed: 3, gateway: "haproxy", seconds: 5 });
    await during(run, async () => {
      const failed = run.sent.tried.filter(hasFailed);
      expect(failed.length).toBeGreaterThan(0);
      expect(failed.length).toBeLessThan(run.sent.tried.length);
      expect(failed.every((request) => run.plan.isOwn(request, run.sent.atMs))).toBe(true);
      const { report, explained } = await diagnoseLab(run.lab, run.plan);
      expect(report.targets[0]?.findings[0]).toMatchObject({ cause: "app-emitted-5xx", state: "supported" });
      const { length } = failed;
      expect(attributed(run, report, explained)).toMatchObject({ failed: length, right: length });
    });
  });
});

describe("a run that cannot be", () => {
  it("says which gateways the fault is made with", async () => {
    const only: Fault = { ...fault("app-emitted-5xx"), gateways: ["nginx"] };
    await expect(runFault(only, { seed: 1, gateway: "haproxy" })).rejects.toThrow(
      "app-emitted-5xx is not made with haproxy, but with nginx.",
    );
  });
});
