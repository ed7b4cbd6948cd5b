import type { Service } from "kubernetes-types/core/v1";
import { type ObjectRef, ref } from "../evidence/object-ref.ts";

/** The Service as a person names it. */
export const serviceRef = (service: Service): ObjectRef =>
  ref("Service", service.metadata?.name ?? "", service.metadata?.namespace ?? "default");

/** "app=cart,tier=web", or "none". */
export function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? "none" : pairs.join(",");
}

/** "a, b and 3 more" */
export function someOf(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
