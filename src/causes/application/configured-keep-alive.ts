import { configuredIdle } from "../../derive/timers-application.ts";
import type { PodView } from "../../derive/views.ts";
import { refText } from "../../evidence/object-ref.ts";

/** How long the application keeps idle connections, where its container says so. */
export interface ConfiguredKeepAlive {
  readonly valueMs: number;
  /** As it is written there. */
  readonly text: string;
  readonly source: string;
}

export function configuredKeepAlive(pods: readonly PodView[]): ConfiguredKeepAlive | undefined {
  for (const pod of pods) {
    for (const { name, role, spec } of pod.containers) {
      if (role !== "main" || (pod.targetContainer !== undefined && pod.targetContainer !== name)) continue;
      const found = configuredIdle(spec);
      if (found === undefined) continue;
      return { valueMs: found.valueMs, text: found.written, source: `${refText(pod.ref)} container ${name}` };
    }
  }
  return undefined;
}
