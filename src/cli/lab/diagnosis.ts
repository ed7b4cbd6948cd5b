import type { LaunchedLab } from "../../../lab/machine/launch.ts";
import type { Plan } from "../../../lab/faults/fault.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import type { Report } from "../../report/report.ts";
import { parseTarget } from "../../target/target.ts";
import { evidenceFrom } from "../evidence-from.ts";
import type { Progress } from "../progress.ts";
import { type Explained, recordingExplanations } from "./explained.ts";

export interface Diagnosis {
  readonly evidence: Evidence;
  readonly report: Report;
  /** Which logged requests each cause has claimed. */
  readonly explained: Explained;
}

const silent: Progress = { phase: () => {}, heavyPhase: () => {}, end: () => {} };

/** Asks as `why5xx TARGET --kubeconfig FILE` does. */
export async function diagnoseLab(
  lab: Pick<LaunchedLab, "kubeconfigPath">,
  plan: Pick<Plan, "target">,
  progress: Progress = silent,
): Promise<Diagnosis> {
  const target = parseTarget(plan.target, undefined);
  const evidence = await evidenceFrom({ kubeconfig: lab.kubeconfigPath }, target, progress);
  const [{ diagnose }, { catalogue }] = await Promise.all([
    import("../../verdict/diagnose.ts"),
    import("../../causes/catalogue.ts"),
  ]);
  const { causes, explained } = recordingExplanations(catalogue);
  return { evidence, report: diagnose(evidence, target, causes), explained };
}
