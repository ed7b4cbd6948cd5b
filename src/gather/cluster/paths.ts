import { type Resource, resources } from "../../evidence/kinds.ts";

const name = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** Names reach us from annotations, arguments and environment: one that no object can have is never put into a path. */
export const isObjectName = (text: string): boolean =>
  text.length <= 253 && name.test(text) && !text.includes("..");

/** "/apis/apps/v1/namespaces/shop/deployments" */
export function collectionPath(resource: Resource, namespace?: string): string {
  const { group, version, namespaced } = resources[resource];
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const scope = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${root}${scope}/${resource}`;
}

export const objectPath = (resource: Resource, name: string, namespace?: string): string =>
  `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}`;

export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const set = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) set.set(key, String(value));
  return set.size === 0 ? path : `${path}?${set.toString()}`;
}

/** "list pods in namespace shop", "get Service cart in namespace shop": the words of a refusal. */
export function readText(resource: Resource, namespace: string | undefined, name?: string): string {
  const { kind, namespaced } = resources[resource];
  const where = namespaced
    ? namespace === undefined
      ? " in all namespaces"
      : ` in namespace ${namespace}`
    : "";
  return name === undefined ? `list ${resource}${where}` : `get ${kind} ${name}${where}`;
}
