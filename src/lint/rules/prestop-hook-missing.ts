import { drainMs } from "../../derive/drain.ts";
import type { LintRule } from "../rule.ts";
import type { ServedWorkload } from "../served.ts";
import { exposed, seconds, templateFix, templatePath } from "../template.ts";

/** An endpoint's removal reaches a gateway on a healthy cluster within this. */
const propagationMs = 5000;
const wantedSeconds = 15;

export const prestopHookMissing: LintRule = {
  id: "prestop-hook-missing",
  severity: "warning",
  title: "Pods stop before the gateway knows that they are going",
  why: "On deletion a pod is told to stop and its endpoint is taken away at the same time, and nothing orders the two. An application that stops listening at SIGTERM refuses what the gateway still sends. A preStop hook that waits lets the gateway know first.",
  check: ({ workloads }) =>
    exposed(workloads).flatMap((w) => {
      if (leavesNone(w)) return [];
      const waitMs = drainMs({ ...w.spec, containers: w.serving.map((s) => s.container) });
      if (waitMs === undefined || waitMs >= propagationMs) return [];
      const grace = Math.max(w.spec.terminationGracePeriodSeconds ?? 30, wantedSeconds + 30);
      // A hook of another kind may do more than wait: it is not replaced.
      const containers = w.serving
        .filter(({ container }) => !container.lifecycle?.preStop)
        .map(({ container: { name } }) => ({
          name,
          lifecycle: { preStop: { sleep: { seconds: wantedSeconds } } },
        }));
      return {
        subject: w.ref,
        path: templatePath(w, "containers", 0),
        message:
          waitMs === 0
            ? "no preStop hook makes a pod wait until its endpoint is gone"
            : `the preStop hook waits ${seconds(waitMs)}; a gateway may send requests for longer than that`,
        ...(containers.length === 0
          ? {}
          : {
              fix: templateFix(
                w,
                `Let the pods wait ${wantedSeconds} s before they stop (preStop sleep: Kubernetes 1.30 and later)`,
                { terminationGracePeriodSeconds: grace, containers },
              ),
            }),
      };
    }),
};

/** Its only pod goes before the next one starts: a hook would make the gap no shorter. Other rules tell the gap. */
const leavesNone = ({ ref, replicas, workload }: ServedWorkload): boolean =>
  workload?.strategy?.type === "Recreate" || (ref.kind === "StatefulSet" && replicas === 1);
