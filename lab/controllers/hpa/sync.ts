import type { HorizontalPodAutoscalerStatus } from "kubernetes-types/autoscaling/v2";
import type { Machine } from "../../machine/machine.ts";
import { type Condition, withCondition } from "../conditions.ts";
import { asSubject } from "../objects.ts";
import { timestamp } from "../timestamp.ts";
import { writeStatus } from "../write-status.ts";
import { type Computed, computeReplicas } from "./compute.ts";
import type { ScalingHistory } from "./history.ts";
import { normalise } from "./normalise.ts";
import { type ScaleTarget, scaleTargetOf } from "./scale-target.ts";
import type { Hpa, PodMetrics } from "./usage.ts";

export interface HpaSettings {
  /** --horizontal-pod-autoscaler-sync-period. */
  readonly hpaSyncPeriodMs: number;
  /** --horizontal-pod-autoscaler-tolerance. */
  readonly hpaTolerance: number;
  /** --horizontal-pod-autoscaler-downscale-stabilization, for autoscalers that say none. */
  readonly downscaleStabilizationSeconds: number;
}

/** One look at an autoscaler, and what it is going to say about it. */
interface Look {
  readonly machine: Machine;
  readonly hpa: Hpa;
  conditions: Condition[];
}

interface Decision {
  readonly replicas: number;
  /** Of the event, when it is another number than now. */
  readonly reason: string;
  readonly metrics?: Computed["statuses"];
}

/** kubernetes pkg/controller/podautoscaler/horizontal.go reconcileAutoscaler. */
export function syncHpa(
  machine: Machine,
  hpa: Hpa,
  metrics: PodMetrics,
  history: ScalingHistory,
  settings: HpaSettings,
): void {
  const look: Look = { machine, hpa, conditions: [...(hpa.status?.conditions ?? [])] };
  const target = scaleTargetOf(machine, hpa);
  if (target === undefined) return reportNoTarget(look);
  const text = "the HPA controller was able to get the target's current scale";
  say(look, "AbleToScale", "True", "SucceededGetScale", text);
  history.begin(target.replicas, machine.nowMs());
  const decision = decide(look, target, metrics, history, settings);
  if (decision === undefined) return report(look, target.replicas, hpa.status?.desiredReplicas ?? 0);
  const { replicas, reason } = decision;
  const isRescaled = replicas !== target.replicas;
  if (isRescaled) {
    target.scaleTo(replicas);
    const scaled = `the HPA controller was able to update the target scale to ${replicas}`;
    say(look, "AbleToScale", "True", "SucceededRescale", scaled);
    tell(look, "Normal", "SuccessfulRescale", `New size: ${replicas}; reason: ${reason}`);
    history.scaled(target.replicas, replicas, machine.nowMs());
  }
  report(look, target.replicas, replicas, decision.metrics, isRescaled);
}

/** Undefined when the metrics say nothing. */
function decide(
  look: Look,
  target: ScaleTarget,
  metrics: PodMetrics,
  history: ScalingHistory,
  settings: HpaSettings,
): Decision | undefined {
  const { hpa, machine } = look;
  const [min, max] = [hpa.spec?.minReplicas ?? 1, hpa.spec?.maxReplicas ?? 1];
  const current = target.replicas;
  if (current === 0 && min !== 0) {
    const text = "scaling is disabled since the replica count of the target is zero";
    say(look, "ScalingActive", "False", "ScalingDisabled", text);
    return { replicas: 0, reason: "" };
  }
  if (current > max) return { replicas: max, reason: "Current number of replicas above Spec.MaxReplicas" };
  if (current < min) return { replicas: min, reason: "Current number of replicas below Spec.MinReplicas" };

  const computed = computeReplicas(machine, hpa, target, metrics, settings.hpaTolerance);
  if (!isUsable(look, computed, current)) return undefined;
  const wish = computed.replicas;
  const limits = { min, max, current };
  const normal = normalise(hpa, wish, limits, history, settings, machine.nowMs());
  say(look, "AbleToScale", "True", normal.stabilized.reason, normal.stabilized.message);
  say(look, "ScalingLimited", normal.isLimited ? "True" : "False", normal.reason, normal.message);
  const reason = wish > current ? `${computed.metric} above target` : "All metrics below target";
  return { replicas: normal.replicas, reason, metrics: computed.statuses };
}

/** One metric that cannot be read may not shrink what the others would (computeReplicasForMetrics). */
function isUsable(look: Look, computed: Computed, current: number): boolean {
  const { failures, metricCount, replicas } = computed;
  for (const { reason, message } of failures) tell(look, "Warning", reason, message);
  const [first] = failures;
  if (first !== undefined && (failures.length >= metricCount || replicas < current)) {
    const cause = `the HPA was unable to compute the replica count: ${first.message}`;
    say(look, "ScalingActive", "False", first.reason, cause);
    const all = `invalid metrics (${failures.length} invalid out of ${metricCount}), first error is: ${longForm(look.hpa, first)}`;
    tell(look, "Warning", "FailedComputeMetricsReplicas", all);
    return false;
  }
  const from = `the HPA was able to successfully calculate a replica count from ${computed.metric}`;
  say(look, "ScalingActive", "True", "ValidMetricFound", from);
  return true;
}

function longForm(
  hpa: Hpa,
  { reason, message }: { readonly reason: string; readonly message: string },
): string {
  const name = hpa.spec?.metrics?.[0]?.resource?.name;
  return reason === "FailedGetResourceMetric"
    ? `failed to get ${name} resource metric value: ${message}`
    : message;
}

function reportNoTarget(look: Look): void {
  const { kind, name } = look.hpa.spec?.scaleTargetRef ?? {};
  const error = `${(kind ?? "").toLowerCase()}s.apps "${name}" not found`;
  const text = `the HPA controller was unable to get the target's current scale: ${error}`;
  say(look, "AbleToScale", "False", "FailedGetScale", text);
  tell(look, "Warning", "FailedGetScale", error);
  report(look, look.hpa.status?.currentReplicas ?? 0, look.hpa.status?.desiredReplicas ?? 0);
}

function report(
  { machine, hpa, conditions }: Look,
  current: number,
  desired: number,
  metrics?: Computed["statuses"],
  isRescaled = false,
): void {
  const lastScaleTime = isRescaled ? timestamp(machine.nowMs()) : hpa.status?.lastScaleTime;
  const kept = metrics ?? hpa.status?.currentMetrics;
  const status: HorizontalPodAutoscalerStatus = {
    conditions: conditions as NonNullable<HorizontalPodAutoscalerStatus["conditions"]>,
    ...(kept === undefined || kept === null ? {} : { currentMetrics: [...kept] }),
    ...(current === 0 ? {} : { currentReplicas: current }),
    desiredReplicas: desired,
    ...(lastScaleTime === undefined ? {} : { lastScaleTime }),
  };
  writeStatus(machine, "horizontalpodautoscalers", hpa, status);
}

const say = (look: Look, type: string, status: string, reason: string, message: string): void => {
  look.conditions = withCondition(look.conditions, { type, status, reason, message }, look.machine.nowMs());
};

const tell = ({ machine, hpa }: Look, type: "Normal" | "Warning", reason: string, message: string): void =>
  machine.event("horizontal-pod-autoscaler", asSubject("horizontalpodautoscalers", hpa), {
    type,
    reason,
    message,
  });
