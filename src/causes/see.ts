import type { ObjectRef } from "../evidence/object-ref.ts";

/** Quotes a word for a POSIX shell; names from a cluster or a log may hold anything. */
function shellQuote(word: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

const shell = (...words: readonly string[]): string => words.map(shellQuote).join(" ");

const inNamespace = (object: ObjectRef): string[] =>
  object.namespace === undefined ? [] : ["-n", object.namespace];

/** Commands that show a clue. */
export const see = {
  /** `kubectl get service cart -n shop -o jsonpath={.spec.selector}` */
  field: (object: ObjectRef, path: string): string =>
    shell(
      "kubectl",
      "get",
      object.kind.toLowerCase(),
      object.name,
      ...inNamespace(object),
      "-o",
      `jsonpath={${path}}`,
    ),
  get: (object: ObjectRef, output = "yaml"): string =>
    shell("kubectl", "get", object.kind.toLowerCase(), object.name, ...inNamespace(object), "-o", output),
  describe: (object: ObjectRef): string =>
    shell("kubectl", "describe", object.kind.toLowerCase(), object.name, ...inNamespace(object)),
  /** Lists by label: `see.list("endpointslices", "shop", "kubernetes.io/service-name=cart")`. */
  list: (resource: string, namespace: string | undefined, selector?: string): string =>
    shell(
      "kubectl",
      "get",
      resource,
      ...(namespace === undefined ? [] : ["-n", namespace]),
      ...(selector === undefined ? [] : ["-l", selector]),
      "-o",
      "wide",
    ),
  events: (object: ObjectRef): string =>
    shell(
      "kubectl",
      "get",
      "events",
      ...inNamespace(object),
      "--field-selector",
      `involvedObject.kind=${object.kind},involvedObject.name=${object.name}`,
    ),
  logs: (pod: ObjectRef, container?: string, previous = false): string =>
    shell(
      "kubectl",
      "logs",
      pod.name,
      ...inNamespace(pod),
      ...(container === undefined ? [] : ["-c", container]),
      ...(previous ? ["--previous"] : []),
    ),
  edit: (object: ObjectRef): string =>
    shell("kubectl", "edit", object.kind.toLowerCase(), object.name, "-n", object.namespace ?? "default"),
  patch: (object: ObjectRef, type: "merge" | "json" | "strategic", body: unknown): string =>
    shell(
      "kubectl",
      "patch",
      object.kind.toLowerCase(),
      object.name,
      "-n",
      object.namespace ?? "default",
      "--type",
      type,
      "-p",
      JSON.stringify(body),
    ),
  /** The lines of a gateway pod's log that hold a text. */
  grep: (pod: ObjectRef, text: string): string => `${see.logs(pod)} | grep -F ${shellQuote(text)}`,
  shell,
};
