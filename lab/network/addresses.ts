/** The address plan of the lab: it looks like that of a small cluster. */
export const plan = {
  /** Root namespace: kubelets probe from here. Nodes have 10.0.0.1 and up. */
  nodes: "10.0.0.0/24",
  pods: "10.42.0.0/16",
  services: "10.96.0.0/12",
  dns: "10.96.0.10",
  /** TEST-NET-2 and TEST-NET-3 (RFC 5737): clients, and whatever else is outside the cluster. */
  outside: ["198.51.100.0/24", "203.0.113.0/24"],
} as const;

/** A locally administered MAC made of the address, as OVN-Kubernetes and the bridge plugin do: 10.42.1.5 → 0a:58:0a:2a:01:05. */
export const macOf = (address: string): string =>
  ["0a", "58", ...address.split(".").map((part) => Number(part).toString(16).padStart(2, "0"))].join(":");

export const isIpv4 = (text: string): boolean =>
  /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) && text.split(".").every((part) => Number(part) <= 255);
