import type { Container, Pod } from "kubernetes-types/core/v1";
import { nameOf, namespaceOf } from "../evidence/evidence.ts";
import { items } from "./shape.ts";

/** Flags of a controller by lower-case name without dashes; a flag without a value is "true". */
export type Flags = ReadonlyMap<string, string>;

/** Command and arguments of a container with `$(NAME)` expanded from its literal env and field references. */
export function argsOf(pod: Pod, container: Container): readonly string[] {
  const words = [...items(container.command), ...items(container.args)].map(String);
  // Nearly every pod of a cluster comes by here, and few have one.
  if (!words.some((word) => word.includes("$("))) return words;
  const variables = variablesOf(pod, container);
  return words.map((word) =>
    word.replace(/\$\(([A-Za-z_][\w.-]*)\)/g, (whole, name: string) => variables.get(name) ?? whole),
  );
}

/** Reads `--flag=value`, `-flag=value` and `--flag value`. The last of a repeated flag wins. */
export function flagsOf(args: readonly string[]): Flags {
  const flags = new Map<string, string>();
  for (const [i, arg] of args.entries()) {
    const match = /^--?([A-Za-z][\w.-]*)(?:=(.*))?$/s.exec(arg);
    if (match === null) continue;
    const next = args[i + 1];
    const separate = next !== undefined && !next.startsWith("-") ? next : "true";
    flags.set((match[1] ?? "").toLowerCase(), match[2] ?? separate);
  }
  return flags;
}

/** The first of several flags that is set and not empty. */
export function firstFlag(flags: Flags, names: readonly string[]): string | undefined {
  return names.map((name) => flags.get(name)).find((value) => value !== undefined && value !== "");
}

function variablesOf(pod: Pod, container: Container): ReadonlyMap<string, string> {
  const fields: Readonly<Record<string, string | undefined>> = {
    "metadata.namespace": namespaceOf(pod),
    "metadata.name": nameOf(pod),
    "spec.nodeName": pod.spec?.nodeName,
    "spec.serviceAccountName": pod.spec?.serviceAccountName,
    "status.podIP": pod.status?.podIP,
    "status.hostIP": pod.status?.hostIP,
  };
  // evidence may lack the environment; every chart and manifest gives these two names this meaning
  const variables = new Map([
    ["POD_NAMESPACE", namespaceOf(pod)],
    ["POD_NAME", nameOf(pod)],
  ]);
  for (const variable of items(container.env)) {
    const value = variable.value ?? fields[variable.valueFrom?.fieldRef?.fieldPath ?? ""];
    if (value !== undefined) variables.set(variable.name, value);
  }
  return variables;
}
