import type { Probe } from "kubernetes-types/core/v1";
import { probeTiming } from "../../derive/probes.ts";
import type { LintRule } from "../rule.ts";
import { containerFix, containerPath, exposed, seconds } from "../template.ts";

/** What does not answer for as long is seldom only busy. */
const patientMs = 60_000;

export const readinessSameAsLiveness: LintRule = {
  id: "readiness-same-as-liveness",
  severity: "warning",
  title: "Liveness kills a container as soon as readiness takes it out",
  why: "A busy pod that misses the check should be spared requests for a while, not be killed with those it is answering. Let liveness ask less, or wait much longer than readiness.",
  check: ({ workloads }) =>
    exposed(workloads).flatMap((w) =>
      w.serving.flatMap((serving) => {
        const { container } = serving;
        const { readinessProbe: readiness, livenessProbe: liveness } = container;
        if (!readiness || !liveness || handlerOf(readiness) !== handlerOf(liveness)) return [];
        const [spared, killed] = [probeTiming(readiness), probeTiming(liveness)];
        if (killed.reactionMs > spared.reactionMs) return [];
        const failureThreshold = Math.ceil((3 * spared.reactionMs) / killed.periodMs);
        return {
          subject: w.ref,
          part: container.name,
          ...(killed.reactionMs >= patientMs ? { severity: "note" as const } : {}),
          path: containerPath(w, serving, "livenessProbe"),
          message: `container ${container.name} is asked the same for both; liveness kills it after ${seconds(killed.reactionMs)}, readiness takes it out after ${seconds(spared.reactionMs)}`,
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

const handlerOf = ({ httpGet, tcpSocket, grpc, exec }: Probe): string =>
  JSON.stringify([httpGet?.path ?? httpGet, httpGet?.port, tcpSocket?.port, grpc, exec?.command]);
