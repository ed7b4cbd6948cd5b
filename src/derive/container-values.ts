import type { Container } from "kubernetes-types/core/v1";
import type { Evidence } from "../evidence/evidence.ts";
import { findObject } from "./coverage.ts";
import { items, text, texts } from "./shape.ts";

/** A value that a container is started with, and where it is written. */
export interface ContainerValue {
  readonly value: string;
  readonly from: "env" | "configmap";
  readonly source: string;
}

/** Environment variables with their values, those of ConfigMaps too where evidence is given. Secrets are never read. */
export function environmentOf(
  container: Container,
  namespace: string,
  evidence?: Evidence,
): ReadonlyMap<string, ContainerValue> {
  const found = new Map<string, ContainerValue>();
  const dataOf = (name: string): Readonly<Record<string, string>> =>
    evidence === undefined ? {} : texts(findObject(evidence, "configmaps", namespace, name)?.data);
  for (const source of items(container.envFrom)) {
    const name = text(source.configMapRef?.name);
    for (const [key, value] of Object.entries(dataOf(name))) {
      const variable = `${text(source.prefix)}${key}`;
      found.set(variable, { value, from: "configmap", source: `ConfigMap ${namespace}/${name} key ${key}` });
    }
  }
  for (const variable of items(container.env)) {
    const named = text(variable.name);
    if (typeof variable.value === "string") {
      found.set(named, {
        value: variable.value,
        from: "env",
        source: `env ${named} of container ${container.name}`,
      });
      continue;
    }
    found.delete(named);
    const from = variable.valueFrom?.configMapKeyRef;
    const key = text(from?.key);
    const name = text(from?.name);
    const value = dataOf(name)[key];
    if (value !== undefined)
      found.set(named, { value, from: "configmap", source: `ConfigMap ${namespace}/${name} key ${key}` });
  }
  return found;
}

const isShell = (word: string | undefined): boolean => /(?:^|\/)(?:ba|da|a|z|k)?sh$/.test(word ?? "");

/** The script of `sh -c SCRIPT`; undefined when process 1 is no shell with a script. */
export function shellScript(container: Container): string | undefined {
  const words = [...items(container.command), ...items(container.args)].map(String);
  if (!isShell(words[0])) return undefined;
  const at = words.findIndex((word, i) => i > 0 && /^-[a-z]*c$/.test(word));
  return at < 0 ? undefined : words[at + 1];
}

/** Command and arguments as words; a shell's script is split at blanks, without its quotes. */
export function wordsOf(container: Container): readonly string[] {
  const script = shellScript(container);
  const words = [...items(container.command), ...items(container.args)].map(String);
  if (script === undefined) return words;
  return script
    .slice(0, 4000)
    .split(/[\s;&|()]+/)
    .map((word) => word.replace(/^["']|["']$/g, ""))
    .filter((word) => word !== "");
}

/** The value after `--flag` or in `--flag=value`; the last one counts. */
export function flagValue(words: readonly string[], names: readonly string[]): string | undefined {
  let found: string | undefined;
  for (const [i, word] of words.entries()) {
    for (const name of names) {
      if (word === name) found = words[i + 1] ?? found;
      else if (word.startsWith(`${name}=`)) found = word.slice(name.length + 1);
    }
  }
  return found;
}
