import { objectsOf } from "../derive/coverage.ts";
import { kindOfController } from "../derive/gateway-kind.ts";
import { gatewayPods } from "../derive/gateway-processes.ts";
import { resolveRoutes } from "../derive/routes.ts";
import type { GatewayKind } from "../derive/views.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { type ControllerName, isControllerName } from "./controllers.ts";

export interface FoundControllers {
  readonly known: readonly ControllerName[];
  /** Gateways whose metrics are not known here, by kind. */
  readonly others: readonly GatewayKind[];
}

/** Gateways that run, that an IngressClass stands for, or that routes name. */
export function foundControllers(evidence: Evidence): FoundControllers {
  const kinds = new Set<GatewayKind>([
    ...gatewayPods(evidence).map(({ kind }) => kind),
    ...objectsOf(evidence, "ingressclasses").map(({ spec }) => kindOfController(spec?.controller ?? "")),
    ...resolveRoutes(evidence, { kind: "all" }).routes.map(({ gatewayKind }) => gatewayKind),
  ]);
  const named = [...kinds].filter((kind) => kind !== "other" && kind !== "unknown").sort();
  return {
    known: named.filter(isControllerName),
    others: named.filter((kind) => !isControllerName(kind)),
  };
}
