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
      .filter(
        ({ spec }) =>
          spec?.scaleTargetRef?.kind === runnable.ref.kind && spec.scaleTargetRef.name === runnable.ref.name,
      )
      .map((hpa) => ({ hpa, runnable })),
  );

export const hpaRef = (hpa: HorizontalPodAutoscaler): ObjectRef =>
  ref("HorizontalPodAutoscaler", nameOf(hpa), namespaceOf(hpa));
