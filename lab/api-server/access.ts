import type { Coverage } from "../../src/evidence/evidence.ts";
import { resources } from "../../src/evidence/kinds.ts";
import type { ResourcePath } from "./request.ts";

/** What the client may not do. Fields left out match everything. */
export interface DeniedRule {
  readonly verbs?: readonly string[];
  /** "pods", or "pods/log" for a subresource. */
  readonly resource?: string;
  /** In this namespace; the cluster-wide request, which would include it, is denied too. */
  readonly namespace?: string;
  /** Everywhere but in these namespaces: an account with Roles and no ClusterRole. */
  readonly exceptNamespaces?: readonly string[];
}

export type AccessQuestion = Pick<
  ResourcePath,
  "group" | "resource" | "subresource" | "namespace" | "name"
> & {
  readonly verb: string;
};

/** "pods/log" of a path to a pod's log. */
export const resourceText = (path: Pick<ResourcePath, "resource" | "subresource">): string =>
  path.subresource === undefined ? path.resource : `${path.resource}/${path.subresource}`;

export function isDenied(denied: readonly DeniedRule[], question: AccessQuestion): boolean {
  return denied.some(
    (rule) =>
      (rule.verbs === undefined || rule.verbs.includes(question.verb) || rule.verbs.includes("*")) &&
      (rule.resource === undefined || rule.resource === resourceText(question)) &&
      (rule.namespace === undefined ||
        question.namespace === undefined ||
        question.namespace === rule.namespace) &&
      (rule.exceptNamespaces === undefined ||
        question.namespace === undefined ||
        !rule.exceptNamespaces.includes(question.namespace)),
  );
}

/** The authorizer's sentence: `User "x" cannot list resource "pods" in API group "" in the namespace "shop"`. */
export function denialText(user: string, question: AccessQuestion): string {
  const where =
    question.namespace === undefined ? "at the cluster scope" : `in the namespace "${question.namespace}"`;
  return `User "${user}" cannot ${question.verb} resource "${resourceText(question)}" in API group "${question.group}" ${where}`;
}

/** Lists that the evidence could not read are forbidden to the client as well. */
export function rulesFromCoverage(coverage: readonly Coverage[]): DeniedRule[] {
  return coverage
    .filter((c) => c.extent === "failed")
    .map((c) => ({
      resource: c.resource,
      ...(c.namespace === undefined || !resources[c.resource].namespaced ? {} : { namespace: c.namespace }),
    }));
}
