import type { Container, EnvVar, Pod } from "kubernetes-types/core/v1";
import type { Store } from "../../api-server/store.ts";

/** A container that cannot be made as its spec says: CreateContainerConfigError. */
export class ConfigProblem extends Error {}

export interface PodFacts {
  readonly pod: Pod;
  readonly podIp: string;
  readonly hostIp: string;
}

/**
 * Variables of a container. The order and the texts of problems are those of
 * kubernetes/kubernetes pkg/kubelet/kubelet_pods.go, makeEnvironmentVariables.
 * @throws ConfigProblem
 */
export function environmentOf(container: Container, facts: PodFacts, store: Store): Record<string, string> {
  const env: Record<string, string> = {};
  for (const source of container.envFrom ?? []) {
    const ref = source.configMapRef ?? source.secretRef;
    const kind = source.configMapRef === undefined ? "secrets" : "configmaps";
    const data = dataOf(kind, ref?.name ?? "", ref?.optional === true, facts, store);
    for (const [key, value] of Object.entries(data ?? {})) env[`${source.prefix ?? ""}${key}`] = value;
  }
  for (const variable of container.env ?? []) {
    const value = valueOf(variable, container, facts, store);
    if (value !== undefined) env[variable.name] = expanded(value, env);
  }
  return env;
}

function valueOf(variable: EnvVar, container: Container, facts: PodFacts, store: Store): string | undefined {
  const from = variable.valueFrom;
  if (from === undefined) return variable.value ?? "";
  if (from.fieldRef !== undefined) return fieldOf(from.fieldRef.fieldPath, facts);
  if (from.resourceFieldRef !== undefined) {
    const [list = "", name = ""] = from.resourceFieldRef.resource.split(".");
    const resources = container.resources?.[list as "limits" | "requests"];
    return String(resources?.[name] ?? "");
  }
  const ref = from.configMapKeyRef ?? from.secretKeyRef;
  if (ref === undefined) return undefined;
  const kind = from.configMapKeyRef === undefined ? "secrets" : "configmaps";
  const isOptional = ref.optional === true;
  const data = dataOf(kind, ref.name ?? "", isOptional, facts, store);
  const value = data?.[ref.key];
  if (value !== undefined || isOptional) return value;
  const where = `${facts.pod.metadata?.namespace ?? "default"}/${ref.name ?? ""}`;
  throw new ConfigProblem(
    `couldn't find key ${ref.key} in ${kind === "configmaps" ? "ConfigMap" : "Secret"} ${where}`,
  );
}

function dataOf(
  kind: "configmaps" | "secrets",
  name: string,
  isOptional: boolean,
  { pod }: PodFacts,
  store: Store,
): Readonly<Record<string, string>> | undefined {
  const found = store.get(kind, name, pod.metadata?.namespace ?? "default");
  if (found === undefined) {
    if (isOptional) return undefined;
    throw new ConfigProblem(`${kind === "configmaps" ? "configmap" : "secret"} "${name}" not found`);
  }
  const data = (found.object["data"] ?? {}) as Record<string, string>;
  if (kind === "configmaps") return data;
  const plain = (found.object["stringData"] ?? {}) as Record<string, string>;
  const decoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]);
  return { ...(Object.fromEntries(decoded) as Record<string, string>), ...plain };
}

const fieldOf = (path: string, { pod, podIp, hostIp }: PodFacts): string => {
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed !== null) return pod.metadata?.[keyed[1] as "labels" | "annotations"]?.[keyed[2] ?? ""] ?? "";
  const fields: Readonly<Record<string, string | undefined>> = {
    "metadata.name": pod.metadata?.name,
    "metadata.namespace": pod.metadata?.namespace,
    "metadata.uid": pod.metadata?.uid,
    "spec.nodeName": pod.spec?.nodeName,
    "spec.serviceAccountName": pod.spec?.serviceAccountName ?? "default",
    "status.podIP": podIp,
    "status.podIPs": podIp,
    "status.hostIP": hostIp,
  };
  return fields[path] ?? "";
};

/** $(NAME) of a variable defined before; $$(NAME) is left as $(NAME). */
export const expanded = (text: string, env: Readonly<Record<string, string>>): string =>
  text.replace(/\$\$|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)/g, (whole, name: string | undefined) =>
    whole === "$$" ? "$" : (env[name ?? ""] ?? whole),
  );
