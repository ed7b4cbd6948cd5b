import { setTimeout as sleep } from "node:timers/promises";
import type { Fault, Plan } from "../../../lab/faults/fault.ts";
import type { LaunchedLab } from "../../../lab/machine/launch.ts";
import { diagnoseLab } from "./diagnosis.ts";

const everyMs = 3000;

/** Diagnoses over and over while traffic runs. `stop` tells when a true cause was first named first, or undefined. */
export function watchVerdicts(
  { causes }: Fault,
  lab: Pick<LaunchedLab, "kubeconfigPath">,
  plan: Plan,
): { readonly stop: () => Promise<number | undefined> } {
  const stopping = new AbortController();
  const watching = (async (): Promise<number | undefined> => {
    while (causes.length > 0 && !stopping.signal.aborted) {
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => {});
      // What cannot be told yet may be told later; the diagnosis that counts is made at the end.
      const report = await diagnoseLab(lab, plan).then(
        (diagnosis) => diagnosis.report,
        () => undefined,
      );
      const first = report?.targets[0]?.findings[0];
      if (first?.state === "supported" && causes.includes(first.cause)) return Date.now();
    }
    return undefined;
  })();
  return {
    stop: () => {
      stopping.abort();
      return watching;
    },
  };
}
