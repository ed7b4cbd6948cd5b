import { stringify } from "yaml";

export interface KubeconfigFacts {
  readonly url: string;
  readonly token?: string;
  /** PEM texts. */
  readonly authority?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  /** Namespace of the context. */
  readonly namespace?: string;
}

const base64 = (pem: string): string => Buffer.from(pem).toString("base64");
const name = "why5xx-lab";

/** A kubeconfig with one context, "why5xx-lab". */
export function kubeconfigText(facts: KubeconfigFacts): string {
  const { url, token, authority, clientCertificate, clientKey, namespace } = facts;
  return stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      "current-context": name,
      clusters: [
        {
          name,
          cluster: {
            server: url,
            // @kubernetes/client-node refuses plain HTTP without it.
            ...(url.startsWith("http:") ? { "insecure-skip-tls-verify": true } : {}),
            ...(authority === undefined ? {} : { "certificate-authority-data": base64(authority) }),
          },
        },
      ],
      users: [
        {
          name,
          user: {
            ...(token === undefined ? {} : { token }),
            ...(clientCertificate === undefined
              ? {}
              : { "client-certificate-data": base64(clientCertificate) }),
            ...(clientKey === undefined ? {} : { "client-key-data": base64(clientKey) }),
          },
        },
      ],
      contexts: [
        { name, context: { cluster: name, user: name, ...(namespace === undefined ? {} : { namespace }) } },
      ],
    },
    { lineWidth: 0 },
  );
}
