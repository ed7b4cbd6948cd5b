/** Composed from the field list of "Access logs for your Application Load Balancer". */
const group =
  "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/k8s-shop-web-7d2e9a51c0/73e2d6bc24d8a067";

interface Parts {
  readonly type?: string;
  readonly time?: string;
  readonly client?: string;
  readonly target?: string;
  readonly times?: string;
  readonly status?: string;
  readonly targetStatus?: string;
  readonly request?: string;
  readonly agent?: string;
  readonly group?: string;
  readonly created?: string;
  readonly actions?: string;
  readonly reason?: string;
  /** What stands after the 29th field. */
  readonly more?: string;
}

export function albLine(parts: Parts = {}): string {
  const p = {
    type: "https",
    time: "2026-11-20T14:47:01.186641Z",
    client: "203.0.113.9:2817",
    target: "10.0.3.17:8080",
    times: "0.001 0.018 0.000",
    status: "200",
    targetStatus: "200",
    request: "GET https://shop.example:443/api/orders?page=2 HTTP/1.1",
    agent: "okhttp/4.12.0",
    group,
    created: "2026-11-20T14:47:01.167000Z",
    actions: "forward",
    reason: "-",
    more: ' TID_aa "-" "-" "-"',
    ...parts,
  };
  const target = `"${p.target}" "${p.targetStatus}"`;
  return `${p.type} ${p.time} app/k8s-shop-web-0a1b2c3d4e/50dc6c495c0c9188 ${p.client} ${p.target} ${p.times} ${p.status} ${p.targetStatus} 512 282 "${p.request}" "${p.agent}" TLS_AES_128_GCM_SHA256 TLSv1.3 ${p.group} "Root=1-67405a11-1d84f3d73c47ec4e58577259" "shop.example" "session-reused" 12 ${p.created} "${p.actions}" "-" "${p.reason}" ${target} "-" "-"${p.more}`;
}

const own = { targetStatus: "-", times: "-1 -1 -1" };

export const alb = {
  success: albLine(),
  of29Fields: albLine({ more: "" }),
  of30Fields: albLine({ more: " TID_aa" }),
  of34Fields: albLine({ more: ' TID_aa "shop.example" "/v2/orders" "TransformSuccess" 10.0.0.12' }),
  ipv6: albLine({ client: "2001:db8::9:2817", target: "[fd00::17]:8080" }),
  redirect: albLine({ ...own, type: "http", status: "301", target: "-", actions: "redirect", group: "-" }),
  target503: albLine({ status: "503", targetStatus: "503" }),
  refusedOrClosed: albLine({ ...own, status: "502", created: "2026-11-20T14:47:01.183000Z" }),
  closedLate: albLine({
    ...own,
    times: "0.001 4.205 -1",
    status: "502",
    created: "2026-11-20T14:46:56.980000Z",
  }),
  connectTimeout: albLine({ ...own, status: "504", created: "2026-11-20T14:46:51.185000Z" }),
  idleTimeout: albLine({
    ...own,
    times: "0.001 -1 -1",
    status: "504",
    created: "2026-11-20T14:46:01.170000Z",
  }),
  noTarget: albLine({ ...own, status: "503", target: "-", created: "2026-11-20T14:47:01.186000Z" }),
  fixedResponse: albLine({
    ...own,
    status: "503",
    target: "-",
    group: "-",
    actions: "fixed-response",
    created: "2026-11-20T14:47:01.186000Z",
  }),
  left: albLine({ ...own, times: "0.000 -1 -1", status: "460", created: "2026-11-20T14:46:51.315000Z" }),
  protocols: albLine({ ...own, status: "464", target: "-" }),
  goaway: albLine({ ...own, status: "000", type: "h2", target: "-" }),
  waf: albLine({ ...own, status: "500", target: "-", actions: "waf-failed", reason: "WAFConnectionTimeout" }),
  login: albLine({
    ...own,
    status: "561",
    target: "-",
    actions: "authenticate",
    reason: "AuthInvalidIdToken",
  }),
  quotes: albLine({ agent: String.raw`a\" 502 - 1 2 \"b`, request: "- http://shop.example:80- -" }),
};

export const lines: readonly string[] = Object.values(alb);
