import type { HostPort } from "../../gather/probe/probe-hops.ts";
import type { Target } from "../../target/target.ts";
import type { FlagValues } from "../flags.ts";
import { UsageProblem } from "../usage-problem.ts";
import { shotOf } from "../verify/shot-of.ts";
import type { Background } from "./background.ts";

/** The URL to ask for, and the gateway's address where an Ingress has one. @throws UsageProblem */
export function requestOf(
  target: Target,
  values: FlagValues,
  { evidence, route }: Background,
): { readonly url: URL; readonly gateway?: HostPort } {
  const typed = target.kind === "url" && target.text.includes("://") ? target.text : undefined;
  const url = typed === undefined ? undefined : new URL(typed);
  if (url !== undefined) url.hash = "";
  if (evidence === undefined || route === undefined)
    return { url: url ?? new URL(`http://${target.kind === "url" ? target.text : ""}`) };
  if (url === undefined && (route.host === undefined || route.host.includes("*")))
    throw new UsageProblem(
      `${route.target} names no single host to ask for: give the URL, http://HOST/PATH.`,
    );
  // One GET to what was typed needs no leave.
  const { "connect-to": _, ...rest } = values;
  const shot = shotOf({ ...rest, yes: true }, { evidence, target, route });
  return {
    url: url ?? shot.url,
    ...(shot.connectTo === undefined ? {} : { gateway: shot.connectTo }),
  };
}
