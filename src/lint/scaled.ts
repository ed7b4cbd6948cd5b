import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2";
import { nameOf, namespaceOf } from "../evidence/evidence.ts";
import { type ObjectRef, ref } from "../evidence/object-ref.ts";
import type { LintFacts } from "./facts.ts";
import type { Runnable } from "./runnables.ts";

/** Every autoscaler with what it scales, where that was read. */
export const scaled = ({
  runnables,
  beside,
}: LintFacts): { readonly hpa: HorizontalPodAutoscaler; readonly runnable: Runnable }[] =>
  runnables.flatMap((runnable) =>
    (beside("horizontalpodautoscalers", runnable.ref.namespace ?? "") ?? [])
      .filter((hpa) => scales(hpa, runnable))
      .map((hpa) => ({ hpa, runnable })),
  );

/** Whether it is what the autoscaler, which is in its namespace, is told to scale. */
export const scales = ({ spec }: HorizontalPodAutoscaler, { ref: { kind, name } }: Runnable): boolean =>
  spec?.scaleTargetRef?.kind === kind && spec.scaleTargetRef.name === name;

export const hpaRef = (hpa: HorizontalPodAutoscaler): ObjectRef =>
  ref("HorizontalPodAutoscaler", nameOf(hpa), namespaceOf(hpa));
