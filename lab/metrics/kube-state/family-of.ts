import type { Family, Labels, Sample } from "../exposition.ts";

type Samples = readonly (readonly [labels: Labels, value: number])[];

/** One family of kube-state-metrics: each object gives its samples, which begin with the labels that name it. */
export function familyOf<T>(
  name: string,
  help: string,
  objects: readonly T[],
  identity: (object: T) => Labels,
  samples: (object: T) => Samples,
  type: Family["type"] = "gauge",
): Family {
  const all = objects.flatMap((object): Sample[] =>
    samples(object).map(([labels, value]) => ({ labels: { ...identity(object), ...labels }, value })),
  );
  return { name, help, type, samples: all };
}

/** A number that may not be there. */
export const one = (value: number | undefined): Samples => (value === undefined ? [] : [[{}, value]]);

/** "True", "False" and "Unknown" as three series, of which one is 1 (kube-state-metrics internal/store/utils.go `addConditionMetrics`). */
export const threeStates = (status: string | undefined, name: "condition" | "status" = "status"): Samples =>
  ["true", "false", "unknown"].map((state) => [{ [name]: state }, Number(status?.toLowerCase() === state)]);
