import type { LaunchedLab } from "../../../lab/machine/launch.ts";
import type { Plan } from "../../../lab/faults/fault.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import type { Report } from "../../report/report.ts";
import { parseTarget } from "../../target/target.ts";
import { evidenceFrom } from "../evidence-from.ts";
import type { FlagValues } from "../flags.ts";
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
export const diagnoseLab = (
  lab: Pick<LaunchedLab, "kubeconfigPath">,
  plan: Pick<Plan, "target">,
  progress: Progress = silent,
): Promise<Diagnosis> => diagnosisOf({ kubeconfig: lab.kubeconfigPath }, plan.target, progress);

/** Asks as `why5xx TARGET --from BUNDLE` does. */
export const diagnoseKept = (bundle: string, target: string): Promise<Diagnosis> =>
  diagnosisOf({ from: bundle }, target, silent);

async function diagnosisOf(values: FlagValues, targetText: string, progress: Progress): Promise<Diagnosis> {
  const target = parseTarget(targetText, undefined);
  const evidence = await evidenceFrom(values, target, progress);
  const [{ diagnose }, { catalogue }] = await Promise.all([
    import("../../verdict/diagnose.ts"),
    import("../../causes/catalogue.ts"),
  ]);
  const { causes, explained } = recordingExplanations(catalogue);
  return { evidence, report: diagnose(evidence, target, causes), explained };
}
