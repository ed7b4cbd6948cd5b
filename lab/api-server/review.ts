import { denialText, isDenied } from "./access.ts";
import { type Answer, jsonAnswer } from "./answer.ts";
import type { Cluster } from "./cluster.ts";
import { allVerbs } from "./discovered.ts";
import { isProtobuf, readProtobufReview } from "./protobuf-review.ts";
import type { ApiRequest, ResourcePath } from "./request.ts";
import { readVerbs, type ServedResource } from "./served.ts";
import { badRequest } from "./status.ts";

/** What is read of the body of a review. */
export interface ReviewBody {
  readonly spec?: {
    readonly namespace?: string;
    readonly resourceAttributes?: {
      readonly verb?: string;
      readonly group?: string;
      readonly resource?: string;
      readonly subresource?: string;
      readonly namespace?: string;
      readonly name?: string;
    };
    readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
  };
}

/** SelfSubjectAccessReview and SelfSubjectRulesReview; undefined for any other path. */
export function review(
  cluster: Cluster,
  request: ApiRequest,
  path: ResourcePath,
  body: Buffer,
): Answer | undefined {
  if (path.group !== "authorization.k8s.io" || path.version !== "v1" || request.verb !== "create")
    return undefined;
  const user = request.impersonated ?? cluster.settings.user;
  if (path.resource === "selfsubjectaccessreviews") return accessReview(cluster, parseBody(body), user);
  if (path.resource === "selfsubjectrulesreviews") return rulesReview(cluster, parseBody(body));
  return undefined;
}

function parseBody(body: Buffer): ReviewBody {
  try {
    const parsed: unknown = isProtobuf(body) ? readProtobufReview(body) : JSON.parse(body.toString("utf8"));
    if (typeof parsed === "object" && parsed !== null) return parsed;
  } catch {
    // The same answer as for a body that is no object.
  }
  throw badRequest("the body of the request is no review");
}

function accessReview(cluster: Cluster, body: ReviewBody, user: string): Answer {
  const asked = body.spec?.resourceAttributes;
  const status = asked === undefined ? { allowed: true } : accessStatus(cluster, asked, user);
  return jsonAnswer(reviewObject("SelfSubjectAccessReview", body, status), 201);
}

type Attributes = NonNullable<NonNullable<ReviewBody["spec"]>["resourceAttributes"]>;

function accessStatus(cluster: Cluster, asked: Attributes, user: string): object {
  const { verb = "", group = "", resource = "", subresource, namespace } = asked;
  const question = {
    verb,
    group,
    resource,
    ...(subresource === undefined || subresource === "" ? {} : { subresource }),
    ...(namespace === undefined || namespace === "" ? {} : { namespace }),
  };
  const reads = (readVerbs as readonly string[]).includes(verb) || cluster.writes !== undefined;
  const reviews = group === "authorization.k8s.io" && verb === "create";
  if ((reads || reviews) && !isDenied(cluster.settings.denied, question)) return { allowed: true };
  return { allowed: false, reason: denialText(user, question) };
}

function rulesReview(cluster: Cluster, body: ReviewBody): Answer {
  const namespace = body.spec?.namespace ?? "default";
  const resourceRules = cluster.served().flatMap((s) => rulesOf(cluster, s, namespace));
  const reviews = {
    verbs: ["create"],
    apiGroups: ["authorization.k8s.io"],
    resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
  };
  const status = {
    resourceRules: [...resourceRules, reviews],
    nonResourceRules: [
      { verbs: ["get"], nonResourceURLs: ["/api", "/api/*", "/apis", "/apis/*", "/healthz", "/version"] },
    ],
    incomplete: false,
  };
  return jsonAnswer(reviewObject("SelfSubjectRulesReview", body, status), 201);
}

function verbsOf(cluster: Cluster, subresource: string | undefined): readonly string[] {
  if (cluster.writes !== undefined) return subresource === "log" ? ["get"] : allVerbs;
  return subresource === undefined ? readVerbs : ["get"];
}

function rulesOf(cluster: Cluster, served: ServedResource, namespace: string): object[] {
  const within = served.namespaced ? { namespace } : {};
  const allowed = (subresource?: string) =>
    verbsOf(cluster, subresource).filter(
      (verb) =>
        !isDenied(cluster.settings.denied, {
          verb,
          group: served.group,
          resource: served.plural,
          ...within,
          ...(subresource === undefined ? {} : { subresource }),
        }),
    );
  return [undefined, ...served.subresources].flatMap((subresource) => {
    const verbs = allowed(subresource);
    const resource = subresource === undefined ? served.plural : `${served.plural}/${subresource}`;
    return verbs.length === 0 ? [] : [{ verbs, apiGroups: [served.group], resources: [resource] }];
  });
}

const reviewObject = (kind: string, body: ReviewBody, status: object): object => ({
  kind,
  apiVersion: "authorization.k8s.io/v1",
  metadata: { creationTimestamp: null },
  spec: body.spec ?? {},
  status,
});
