import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { faultOf } from "../../../lab/faults/all.ts";
import { missingForNginx } from "../../../lab/gateways/nginx/requirements.ts";
import { hasFailed, runFault } from "../../../lab/run/run-fault.ts";
import { observe } from "../../../src/derive/observe.ts";
import { resolveRoutes } from "../../../src/derive/routes.ts";
import { openSource } from "../../../src/gather/open-source.ts";
import type { WatchReport } from "../../../src/report/watch-report.ts";
import { parseTarget } from "../../../src/target/target.ts";
import { attributeSent } from "../../../src/watch/attribute-sent.ts";
import { type Ran, runProgram } from "../../cli/run-program.ts";
import { lacks } from "../../support/programs.ts";
import { needed } from "../network/inside.ts";

function cannot(missing: string | undefined): boolean {
  if (missing !== undefined) process.stderr.write(`skipped: a watch of the lab, as ${missing}\n`);
  return missing !== undefined || lacks("a watch of the lab", ...needed);
}

it.skipIf(cannot(missingForNginx()))(
  "a rollout that loses requests is watched: each is laid to the pod that went, and how long the gateway went on is told",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "why5xx-watch-lab-"));
    const saved = join(folder, "watched");
    let watching: Promise<Ran> | undefined;
    const run = await runFault(faultOf("shutdown-no-prestop-race")!, {
      seed: 1,
      gateway: "nginx",
      seconds: 15,
      onTraffic: (lab, { target }) => {
        const args = [
          "watch",
          target,
          "--for",
          "11s",
          "--kubeconfig",
          lab.kubeconfigPath,
          "--save",
          saved,
          "-o",
          "json",
        ];
        watching = sleep(500).then(() => runProgram(args));
      },
    });
    try {
      const ran = await watching!;
      const report = JSON.parse(ran.stdout) as WatchReport;
      const { tried } = run.sent;
      // A busy machine may begin to watch when the first have failed already.
      const isWatched = ({ endMs }: { readonly endMs: number }): boolean =>
        endMs >= Date.parse(report.from) && endMs <= Date.parse(report.to);
      const failed = tried.filter((request) => hasFailed(request) && isWatched(request));
      expect([ran.code, report.verdict, report.before?.failed]).toEqual([1, "failing", 0]);
      expect(report.diagnosis?.findings[0]).toMatchObject({
        cause: "shutdown-no-prestop-race",
        state: "supported",
      });
      expect(report.during?.failed).toBeGreaterThanOrEqual(failed.length);
      expect(failed.length).toBeGreaterThan(0);
      expect(report.rollouts).toMatchObject([{ state: "done" }]);
      expect(report.pods).toMatchObject({ created: 1, deleted: 1 });
      expect(report.drain?.preStopSeconds).toBeGreaterThan(report.drain?.longestSeconds ?? 0);
      const evidence = await openSource(saved);
      const [route] = resolveRoutes(evidence, parseTarget(run.plan.target)).routes;
      const sent = failed.map(({ startMs, ...request }) => ({ ...request, sentMs: startMs }));
      const told = attributeSent(sent, observe(evidence, route!), evidence.changes!);
      expect(told.joined).toMatchObject({ id: failed.length, not: 0 });
      expect(told).toMatchObject({ of: failed.length, explained: failed.length });
      expect(told.by).toMatchObject([{ state: "terminating", requests: failed.length, basis: "log" }]);
    } finally {
      await run.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
