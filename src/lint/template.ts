import type { Container } from "kubernetes-types/core/v1";
import type { FieldPath, LintFix } from "./rule.ts";
import type { Runnable } from "./runnables.ts";
import type { ServedWorkload, ServingContainer } from "./served.ts";

/** ".spec.template.spec" and on. */
export const templatePath = ({ specPath }: Runnable, ...rest: FieldPath): FieldPath => [...specPath, ...rest];

export const containerPath = (
  { specPath }: Runnable,
  { index }: ServingContainer,
  ...rest: FieldPath
): FieldPath => [...specPath, "containers", index, ...rest];

/** A patch of the pods' spec; every pod is replaced. */
export function templateFix(runnable: Runnable, title: string, podSpec: object): LintFix {
  const body = runnable.specPath.length === 1 ? { spec: podSpec } : { spec: { template: { spec: podSpec } } };
  return {
    title,
    applicability: "safe",
    patch: { object: runnable.ref, type: "strategic", body },
    effect: "replaces the pods",
  };
}

export const containerFix = (
  runnable: Runnable,
  title: string,
  { name }: Container,
  fields: object,
): LintFix => templateFix(runnable, title, { containers: [{ name, ...fields }] });

/** Workloads that requests from outside reach, and that drain as applications do. */
export const exposed = (workloads: readonly ServedWorkload[]): readonly ServedWorkload[] =>
  workloads.filter((w) => w.isExposed && !w.isGateway);

export const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;
