import { dirname } from "node:path";
import { type FrozenCase, targetOf } from "../../corpus/frozen-cases.ts";
import { catalogue } from "../../src/causes/catalogue.ts";
import { type Attribution, attributionOf } from "../../src/cli/lab/attribution.ts";
import { recordingExplanations } from "../../src/cli/lab/explained.ts";
import { keptRun } from "../../src/cli/lab/kept-run.ts";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { diagnose } from "../../src/verdict/diagnose.ts";
import { judge, type Judged } from "./judge.ts";

interface ScoredCase {
  readonly judged: Judged;
  /** Of recorded runs only: nobody knows the truth of each request of a case that was written. */
  readonly attribution?: Attribution;
}

export function scoreCase(frozen: FrozenCase, evidence: Evidence): ScoredCase {
  const { causes, explained } = recordingExplanations(catalogue);
  const report = diagnose(evidence, targetOf(frozen), causes);
  const judged = judge(frozen, report);
  if (frozen.recordedBy === undefined) return { judged };
  const { asked, failed } = keptRun(dirname(frozen.bundle));
  return { judged, attribution: attributionOf(asked.fault, failed, report, explained) };
}
