/** Names that HAProxy's ingress controllers give to backends; Kubernetes names have no underscores, so the parts are certain. */

/** `shop_orders_8080`: jcmoraisjr/haproxy-ingress, pkg/haproxy/types/backends.go `buildID`. */
const communityName = /^([a-z0-9-]{1,63})_([a-z0-9-]{1,63})_([a-z0-9-]{1,63})$/;

/** `shop_svc_orders_http`, standalone ones `shop_web_svc_orders_http`: haproxytech/kubernetes-ingress, pkg/service/service.go `GetBackendName`. */
const vendorName = /^([a-z0-9-]{1,63})_(?:[a-z0-9.-]{1,253}_)?svc_([a-z0-9-]{1,63})_([a-z0-9-]{1,63})$/;

const partsOf = (backend: string): RegExpExecArray | null =>
  vendorName.exec(backend) ?? communityName.exec(backend);

/** NAMESPACE-SERVICE-PORT for a backend made for a Service; any other name as it is. */
export function upstreamNameOfBackend(backend: string): string {
  const m = partsOf(backend);
  return m === null ? backend : `${m[1]}-${m[2]}-${m[3]}`;
}

/** "shop/orders" for a backend made for a Service. */
export function serviceOfBackend(backend: string): string | undefined {
  const m = partsOf(backend);
  return m === null ? undefined : `${m[1]}/${m[2]}`;
}
