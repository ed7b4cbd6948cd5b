import type { FlagValues } from "../flags.ts";
import { typed } from "../output.ts";

const clusterFlags = ["namespace", "context", "kubeconfig", "as"] as const;

/** The diagnosis of the same URL in the same cluster: the cause is for it to say, as it reads logs and events. */
export function nextCommand(program: string, values: FlagValues, url: URL): string {
  const flags = clusterFlags.flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [`--${name}`, typed(value)];
  });
  return [program, typed(`${url.host}${url.pathname}`), ...flags].join(" ");
}
