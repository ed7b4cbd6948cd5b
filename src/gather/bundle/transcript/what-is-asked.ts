import type { Resource } from "../../../evidence/kinds.ts";
import type { KubectlCommand } from "./kubectl-command.ts";
import { resourceOfAlias } from "./resource-alias.ts";

export interface WhatIsAsked {
  readonly resources: readonly Resource[];
  /** Empty: all of them. */
  readonly names: readonly string[];
  /** Absent: all namespaces. */
  readonly namespace?: string;
}

/** The category `all` (kubectl api-resources --categories=all). */
const all: readonly Resource[] = [
  "pods",
  "services",
  "daemonsets",
  "deployments",
  "replicasets",
  "statefulsets",
  "horizontalpodautoscalers",
  "jobs",
];

/** The resources and names in "pods web-0", "svc,ep", "deploy/web" or "all". */
export function whatIsAsked({ operands, namespace, isAllNamespaces }: KubectlCommand): WhatIsAsked {
  const scope = isAllNamespaces ? {} : { namespace: namespace ?? "default" };
  const [first = "", ...names] = operands;
  if (first.includes("/")) {
    const pairs = operands.map((operand) => operand.split("/"));
    const found = pairs
      .map(([type = ""]) => resourceOfAlias(type))
      .filter((resource) => resource !== undefined);
    return { resources: [...new Set(found)], names: pairs.map(([, name = ""]) => name), ...scope };
  }
  const types = first.split(",").flatMap((word) => (word === "all" ? all : (resourceOfAlias(word) ?? [])));
  return { resources: types, names, ...scope };
}
