import { nameOf } from "../../evidence/evidence.ts";
import type { LintRule } from "../rule.ts";
import { scaled } from "../scaled.ts";

export const replicasResetByApply: LintRule = {
  id: "replicas-reset-by-apply",
  severity: "warning",
  title: "Each apply resets the number of pods that an autoscaler chose",
  why: "A manifest with replicas puts that number back at each deploy, under whatever load; the autoscaler needs a while to add the pods again. Leave replicas out of what an autoscaler scales.",
  isOfManifests: true,
  check: (facts) =>
    scaled(facts)
      .filter(({ runnable }) => runnable.writtenReplicas !== undefined)
      .map(({ hpa, runnable }) => ({
        subject: runnable.ref,
        path: ["spec", "replicas"],
        message: `replicas is ${runnable.writtenReplicas}, and HorizontalPodAutoscaler ${nameOf(hpa)} chooses between ${hpa.spec?.minReplicas ?? 1} and ${hpa.spec?.maxReplicas}`,
      })),
};
