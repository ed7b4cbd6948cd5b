import { timestamp } from "./timestamp.ts";

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly lastTransitionTime?: string | undefined;
  readonly lastUpdateTime?: string | undefined;
}

export const conditionOf = <C extends Condition>(
  conditions: readonly C[] | undefined,
  type: string,
): C | undefined => conditions?.find((condition) => condition.type === type);

export const withoutCondition = <C extends Condition>(conditions: readonly C[], type: string): C[] =>
  conditions.filter((condition) => condition.type !== type);

/**
 * The conditions of a workload with one set. The same status with the same reason changes nothing; the same
 * status with another reason keeps its transition time (kubernetes
 * pkg/controller/deployment/util/deployment_util.go SetDeploymentCondition).
 */
export function withWorkloadCondition<C extends Condition>(conditions: readonly C[], condition: C): C[] {
  const current = conditionOf(conditions, condition.type);
  if (current?.status === condition.status && current.reason === condition.reason) return [...conditions];
  const kept =
    current?.status === condition.status && current.lastTransitionTime !== undefined
      ? { ...condition, lastTransitionTime: current.lastTransitionTime }
      : condition;
  return [...withoutCondition(conditions, condition.type), kept];
}

/** Sets a condition in its place; its transition time moves with its status only (kubernetes pkg/api/v1/pod/util.go UpdatePodCondition). */
export function withCondition<C extends Condition>(
  conditions: readonly C[],
  condition: C,
  nowMs: number,
): C[] {
  const current = conditionOf(conditions, condition.type);
  const since = current?.status === condition.status ? current.lastTransitionTime : undefined;
  const next = { ...condition, lastTransitionTime: since ?? timestamp(nowMs) };
  if (current === undefined) return [...conditions, next];
  return conditions.map((old) => (old.type === condition.type ? next : old));
}
