import { isDeepStrictEqual } from "node:util";
import type { PodTemplateSpec } from "kubernetes-types/core/v1";
import { safeEncode } from "../random-suffix.ts";

export const hashLabel = "pod-template-hash";

/**
 * The same template gives the same hash, in any order of its fields. Spelled as Kubernetes does (FNV-1a in 32
 * bits, kubernetes pkg/controller/controller_utils.go ComputeHash), though over JSON, so the value is not the one a real cluster gives.
 * @param collisions status.collisionCount, which moves on when the name is taken by something else
 */
export function templateHash(template: PodTemplateSpec | undefined, collisions: number | undefined): string {
  let hash = 0x811c9dc5;
  const text = `${JSON.stringify(comparable(template))}${collisions ?? ""}`;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return safeEncode(String(hash >>> 0));
}

/** kubernetes pkg/controller/deployment/util/deployment_util.go EqualIgnoreHash. */
export const sameTemplate = (a: PodTemplateSpec | undefined, b: PodTemplateSpec | undefined): boolean =>
  isDeepStrictEqual(comparable(a), comparable(b));

function comparable(template: PodTemplateSpec | undefined): unknown {
  const { [hashLabel]: _hash, ...labels } = template?.metadata?.labels ?? {};
  return canonical({ metadata: { ...template?.metadata, labels }, spec: template?.spec });
}

/** Fields in order; nothing and an empty list are the same. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(
    ([, v]) => v !== null && v !== undefined && !(Array.isArray(v) && v.length === 0),
  );
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([key, v]) => [key, canonical(v)]));
}
