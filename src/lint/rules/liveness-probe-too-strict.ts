import { probeTiming } from "../../derive/probes.ts";
import type { LintRule } from "../rule.ts";
import { containerFix, containerPath, exposed, seconds } from "../template.ts";

/** A pause of a garbage collection, a full disk queue or a throttled CPU passes within this. */
const shortestMs = 10_000;

export const livenessProbeTooStrict: LintRule = {
  id: "liveness-probe-too-strict",
  severity: "warning",
  title: "Liveness kills a container for a short pause",
  why: "Under load a check is the first request to come late, and each kill moves the load to the other pods. Kill only what has not answered for half a minute.",
  check: ({ workloads }) =>
    exposed(workloads).flatMap((w) =>
      w.serving.flatMap((serving) => {
        const { container } = serving;
        // The kernel takes a connection while the process pauses.
        if (!container.livenessProbe || container.livenessProbe.tcpSocket) return [];
        const timing = probeTiming(container.livenessProbe);
        // A check without an answer holds the next one back (kubernetes/kubernetes pkg/kubelet/prober/worker.go).
        const lastsMs = timing.failureThreshold * Math.max(timing.periodMs, timing.timeoutMs);
        if (timing.failureThreshold > 1 && lastsMs >= shortestMs) return [];
        const failureThreshold = Math.max(3, Math.ceil(30_000 / timing.periodMs));
        return {
          subject: w.ref,
          part: container.name,
          path: containerPath(w, serving, "livenessProbe"),
          message: `${timing.failureThreshold} failed ${timing.failureThreshold === 1 ? "check" : `checks, ${seconds(timing.periodMs)} apart,`} of ${seconds(timing.timeoutMs)} kill container ${container.name}`,
          fix: containerFix(
            w,
            `Let liveness fail ${failureThreshold} times before it kills container ${container.name}`,
            container,
            { livenessProbe: { failureThreshold } },
          ),
        };
      }),
    ),
};
