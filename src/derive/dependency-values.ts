import type { Container } from "kubernetes-types/core/v1";
import { type Evidence, get } from "../evidence/evidence.ts";
import { addressesOf, commandAddresses, type ConfiguredAddress } from "./dependency-keys.ts";
import { items, texts } from "./shape.ts";
import type { PodView } from "./views.ts";

/** An address that a container is configured to call. */
export interface ConfiguredPeer extends ConfiguredAddress {
  readonly from: string;
  readonly key?: string;
}

interface Variable {
  readonly value: string;
  readonly from: string;
}

/** Addresses from the environment and command lines of a pod's containers. Secrets are never looked at. */
export function configuredPeers(evidence: Evidence, pod: PodView): readonly ConfiguredPeer[] {
  return pod.containers.flatMap(({ spec }) => {
    const namespace = pod.ref.namespace ?? "default";
    const variables = environment(evidence, namespace, spec);
    const values = new Map([...variables].map(([key, v]) => [key, v.value]));
    const byEnv = [...variables].flatMap(([key, { value, from }]) =>
      addressesOf({ key, value }, values).map((address) => ({ ...address, from, key })),
    );
    const command = [...items(spec.command), ...items(spec.args)].map((word) => expand(String(word), values));
    const byCommand = commandAddresses(command).map(({ flag, ...address }) => ({
      ...address,
      from: `${flag === undefined ? "command" : `flag ${flag}`} of container ${spec.name}`,
    }));
    return [...byEnv, ...byCommand];
  });
}

/** envFrom first, then env, which wins: a later variable of the same name replaces an earlier one. */
function environment(
  evidence: Evidence,
  namespace: string,
  container: Container,
): ReadonlyMap<string, Variable> {
  const variables = new Map<string, Variable>();
  for (const source of items(container.envFrom)) {
    const name = source.configMapRef?.name;
    const data = name === undefined ? {} : configData(evidence, namespace, name);
    for (const [key, value] of Object.entries(data)) {
      const from = `ConfigMap ${namespace}/${name} key ${key}, env of container ${container.name}`;
      variables.set(`${source.prefix ?? ""}${key}`, { value, from });
    }
  }
  for (const { name, value, valueFrom } of items(container.env)) {
    const known = new Map([...variables].map(([key, v]) => [key, v.value]));
    if (typeof value === "string") {
      variables.set(name, {
        value: expand(value, known),
        from: `env ${name} of container ${container.name}`,
      });
      continue;
    }
    variables.delete(name);
    const key = valueFrom?.configMapKeyRef;
    const text = key?.name === undefined ? undefined : configData(evidence, namespace, key.name)[key.key];
    if (text === undefined) continue;
    const from = `ConfigMap ${namespace}/${key?.name} key ${key?.key}, env ${name} of container ${container.name}`;
    variables.set(name, { value: text, from });
  }
  return variables;
}

function configData(evidence: Evidence, namespace: string, name: string): Readonly<Record<string, string>> {
  const object = get(evidence, "configmaps", name, namespace);
  return object.state === "present" ? texts(object.value.data) : {};
}

/** `$(NAME)` as the kubelet expands it; an unknown name is left as it is. */
const expand = (text: string, known: ReadonlyMap<string, string>): string =>
  text.replace(/\$\(([A-Za-z_][\w.-]*)\)/g, (whole, name: string) => known.get(name) ?? whole);
