import { refText } from "../../evidence/object-ref.ts";
import type { LoggedRequest } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { loadRise } from "../load-rise.ts";
import { autoscalerAtMaxClues } from "../metric-clues.ts";
import { isOverload } from "../overload.ts";
import { see } from "../see.ts";

/**
 * The autoscaler wants more pods than it may have, and the pods it has cannot carry the load. An
 * autoscaler at its maximum is common and harmless; only overload behind it makes it a cause.
 */
export const hpaMaxReplicas = defineCause({
  id: "hpa-max-replicas",
  title: "The autoscaler is at its maximum and the load is more than that carries",
  hop: "pod",
  codes: [502, 503, 504],
  prior: 0.02,
  leadsTo: ["worker-pool-exhausted", "readiness-probe-timeout-flapping"],
  needs: ["autoscalers", "traffic"],
  helps: ["pods", "patterns", "metrics"],
  weigh({ autoscalers, traffic, pods, metrics }) {
    const scaler = autoscalers.find((a) => a.current >= a.max) ?? autoscalers[0];
    if (scaler === undefined)
      return refuted(speaksAgainst.decisive("no autoscaler for the workload", "HorizontalPodAutoscalers"));
    const limited = scaler.conditions.find(
      (c) => c.type === "ScalingLimited" && c.status === "True" && c.reason === "TooManyReplicas",
    );
    if (scaler.current < scaler.max || limited === undefined) {
      return refuted(
        speaksAgainst.decisive(
          `it runs ${scaler.current} of at most ${scaler.max} replicas`,
          refText(scaler.ref),
          { see: see.describe(scaler.ref) },
        ),
      );
    }
    const overloaded = traffic.failures.filter(isOverload);
    if (overloaded.length === 0)
      return refuted(
        speaksAgainst.decisive(
          "at its maximum, and no request failed in a way that overload explains",
          "gateway log",
        ),
      );
    // It was limited no earlier than the condition says.
    const { changedMs = Number.NEGATIVE_INFINITY } = limited;
    const explains = (request: LoggedRequest): boolean => isOverload(request) && request.endMs >= changedMs;
    if (!overloaded.some(explains))
      return refuted(
        speaksAgainst.strong(
          `the maximum limits it since ${new Date(changedMs).toISOString()}, after the last failure`,
          `${refText(scaler.ref)} .status.conditions[ScalingLimited]`,
          { see: see.describe(scaler.ref) },
        ),
      );
    const clues: Clue[] = [
      speaksFor.strong(
        `${scaler.current} of at most ${scaler.max} replicas, and it wants more: ${limited.message ?? limited.reason}`,
        `${refText(scaler.ref)} .status.conditions[ScalingLimited]`,
        { see: see.describe(scaler.ref), group: "limited" },
      ),
      ...autoscalerAtMaxClues(metrics, scaler.ref.name),
    ];
    const over = overTarget(scaler.hpa.status?.currentMetrics, scaler.hpa.spec?.metrics);
    if (over !== undefined)
      clues.push(speaksFor.strong(over, `${refText(scaler.ref)} .status.currentMetrics`));
    const rise = loadRise(traffic);
    const hasRisen = rise !== undefined && rise.isClear && rise.ratio >= 1.2;
    if (hasRisen)
      clues.push(
        speaksFor.strong(
          `load rose ${rise.ratio.toFixed(1)} times, ${rise.text}, as failures began`,
          "gateway log",
          { group: "load" },
        ),
      );
    if (over === undefined && !hasRisen) {
      return undecided(
        "the autoscaler is at its maximum; nothing read shows that the pods are overloaded",
        see.describe(scaler.ref),
        clues,
      );
    }
    const restarted = pods.state === "present" && pods.value.some((p) => !p.ready);
    if (restarted)
      clues.push(
        speaksAgainst.weak(
          "some pods are not ready, so fewer than the maximum serve",
          "Pods .status.conditions[Ready]",
        ),
      );
    const wanted = Math.ceil(scaler.max * 1.5);
    const body = { spec: { maxReplicas: wanted } };
    return {
      state: "supported",
      subject: scaler.ref,
      clues,
      explains,
      fixes: [
        {
          title: `Raise maxReplicas of ${refText(scaler.ref)} from ${scaler.max}, for example to ${wanted} (quota and nodes must allow it), or make a request cost less`,
          applicability: "unsafe",
          commands: [
            see.shell(
              "kubectl",
              "patch",
              "hpa",
              scaler.ref.name,
              "-n",
              scaler.ref.namespace ?? "default",
              "--type",
              "merge",
              "-p",
              JSON.stringify(body),
            ),
          ],
          patch: { object: scaler.ref, type: "merge", body },
          effect: "starts pods",
        },
      ],
    };
  },
});

interface Metric {
  readonly type?: string;
  readonly resource?: {
    readonly name?: string;
    readonly current?: { readonly averageUtilization?: number };
    readonly target?: { readonly averageUtilization?: number };
  };
}

/** "cpu at 184 % of its request, target 70 %" */
function overTarget(
  current: readonly Metric[] | null | undefined,
  wanted: readonly Metric[] | undefined,
): string | undefined {
  for (const metric of current ?? []) {
    const now = metric.resource?.current?.averageUtilization;
    const target = wanted?.find((w) => w.resource?.name === metric.resource?.name)?.resource?.target
      ?.averageUtilization;
    if (now !== undefined && target !== undefined && now > target * 1.1)
      return `${metric.resource?.name} at ${now} % of the request, target ${target} %`;
  }
  return undefined;
}
