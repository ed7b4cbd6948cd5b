/** A NetworkPolicy of namespace shop that selects the web pods; `spec` is the rest of its spec in YAML flow form. */
export const policy = (
  spec: string,
  options: { name?: string; selector?: string; namespace?: string } = {},
): string => `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: ${options.namespace ?? "shop"}, name: ${options.name ?? "p"}}
spec: {podSelector: ${options.selector ?? "{matchLabels: {app: web}}"}, ${spec}}
`;

export const fromGateway = "{namespaceSelector: {matchLabels: {team: platform}}}";
