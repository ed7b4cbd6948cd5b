/** Names one Kubernetes object the way a person says it: Service shop/cart. */
export interface ObjectRef {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

export const ref = (kind: string, name: string, namespace?: string): ObjectRef =>
  namespace === undefined ? { kind, name } : { kind, namespace, name };

/** "Service shop/cart", "Node worker-1". */
export function refText(object: ObjectRef): string {
  return object.namespace === undefined
    ? `${object.kind} ${object.name}`
    : `${object.kind} ${object.namespace}/${object.name}`;
}

export const sameRef = (a: ObjectRef, b: ObjectRef): boolean =>
  a.kind === b.kind && a.name === b.name && a.namespace === b.namespace;
