import type { HPAScalingPolicy, HPAScalingRules } from "kubernetes-types/autoscaling/v2";
import type { Hpa } from "./usage.ts";

export interface Limits {
  readonly min: number;
  readonly max: number;
  readonly current: number;
}

/** What became of a wish, with the reason that the ScalingLimited condition gives. */
export interface Limited {
  readonly replicas: number;
  readonly reason: string;
  readonly message: string;
}

/** How many replicas were added, or taken away, in the last so many seconds. */
export type ChangedIn = (seconds: number) => number;

interface Rules {
  readonly policies: readonly HPAScalingPolicy[];
  readonly select: "Max" | "Min" | "Disabled";
  readonly windowSeconds: number;
}

/** kubernetes pkg/apis/autoscaling/v2/defaults.go scaleUpRules, scaleDownRules. */
const defaultUp: HPAScalingPolicy[] = [
  { type: "Pods", value: 4, periodSeconds: 15 },
  { type: "Percent", value: 100, periodSeconds: 15 },
];
const defaultDown: HPAScalingPolicy[] = [{ type: "Percent", value: 100, periodSeconds: 15 }];

export const upRules = (hpa: Hpa): Rules => rulesOf(hpa.spec?.behavior?.scaleUp, defaultUp, 0);

/** @param windowSeconds of an autoscaler that says none (--horizontal-pod-autoscaler-downscale-stabilization: 300) */
export const downRules = (hpa: Hpa, windowSeconds: number): Rules =>
  rulesOf(hpa.spec?.behavior?.scaleDown, defaultDown, windowSeconds);

const rulesOf = (
  rules: HPAScalingRules | undefined,
  policies: readonly HPAScalingPolicy[],
  windowSeconds: number,
): Rules => ({
  policies: (rules?.policies ?? []).length > 0 ? (rules?.policies ?? []) : policies,
  select: rules?.selectPolicy === "Min" || rules?.selectPolicy === "Disabled" ? rules.selectPolicy : "Max",
  windowSeconds: rules?.stabilizationWindowSeconds ?? windowSeconds,
});

const within = (replicas: number): Limited => ({
  replicas,
  reason: "DesiredWithinRange",
  message: "the desired count is within the acceptable range",
});
const tooMany = "the desired replica count is more than the maximum replica count";
const tooFew = "the desired replica count is less than the minimum replica count";
const tooFastUp = "the desired replica count is increasing faster than the maximum scale rate";
const tooFastDown = "the desired replica count is decreasing faster than the maximum scale rate";

/** Without `behavior`: at most twice as many, or 4 (kubernetes pkg/controller/podautoscaler/horizontal.go convertDesiredReplicasWithRules). */
export function limitPlainly(wish: number, { min, max, current }: Limits): Limited {
  const fastest = Math.max(2 * current, 4);
  if (wish < min) return { replicas: min, reason: "TooFewReplicas", message: tooFew };
  const most = Math.min(max, fastest);
  if (wish <= most) return within(wish);
  return max > fastest
    ? { replicas: most, reason: "ScaleUpLimit", message: tooFastUp }
    : { replicas: most, reason: "TooManyReplicas", message: tooMany };
}

/** With `behavior`: no faster than its policies (horizontal.go convertDesiredReplicasWithBehaviorRate). */
export function limitByPolicies(
  wish: number,
  { min, max, current }: Limits,
  rules: { readonly up: Rules; readonly down: Rules },
  added: ChangedIn,
  removed: ChangedIn,
): Limited {
  if (wish > current) {
    const fastest = Math.max(current, fastestUp(current, rules.up, added));
    const most = Math.min(max, fastest);
    if (wish <= most) return within(wish);
    return max > fastest
      ? { replicas: most, reason: "ScaleUpLimit", message: tooFastUp }
      : { replicas: most, reason: "TooManyReplicas", message: tooMany };
  }
  if (wish < current) {
    const fastest = Math.min(current, fastestDown(current, rules.down, removed));
    const least = Math.max(min, fastest);
    if (wish >= least) return within(wish);
    return min < fastest
      ? { replicas: least, reason: "ScaleDownLimit", message: tooFastDown }
      : { replicas: least, reason: "TooFewReplicas", message: tooFew };
  }
  return within(wish);
}

function fastestUp(current: number, { policies, select }: Rules, added: ChangedIn): number {
  if (select === "Disabled") return current;
  const sizes = policies.map(({ type, value, periodSeconds }) => {
    const start = current - added(periodSeconds);
    return type === "Pods" ? start + value : Math.ceil(start * (1 + value / 100));
  });
  return select === "Min" ? Math.min(...sizes) : Math.max(...sizes);
}

function fastestDown(current: number, { policies, select }: Rules, removed: ChangedIn): number {
  if (select === "Disabled") return current;
  const sizes = policies.map(({ type, value, periodSeconds }) => {
    const start = current + removed(periodSeconds);
    return type === "Pods" ? start - value : Math.trunc(start * (1 - value / 100));
  });
  return select === "Min" ? Math.max(...sizes) : Math.min(...sizes);
}
