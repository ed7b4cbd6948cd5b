import type { DetailedPeerCertificate, PeerCertificate, TLSSocket } from "node:tls";
import type { SeenCertificate, SeenTls } from "../../evidence/probed-hop.ts";

/** OpenSSL's codes in words (openssl-verification-options(1), Node's tls.checkServerIdentity). */
const words: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "the certificate has expired",
  CERT_NOT_YET_VALID: "the certificate is not valid yet",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is signed by itself",
  SELF_SIGNED_CERT_IN_CHAIN: "the chain ends at an authority that this machine does not trust",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "the issuer is not trusted here, or the server leaves the intermediate certificate out",
  UNABLE_TO_GET_ISSUER_CERT: "the issuer of a certificate of the chain is not known",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "the issuer is not trusted here, or the server leaves the intermediate certificate out",
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate is for other names",
};

const maxChain = 10;

export function seenTls(socket: TLSSocket, serverName: string | undefined): SeenTls {
  const error = socket.authorizationError as Error | string | undefined;
  const code =
    typeof error === "string" ? error : ((error as { code?: string } | undefined)?.code ?? error?.message);
  const chain = chainOf(socket.getPeerCertificate(true));
  return {
    ...(serverName === undefined ? {} : { serverName }),
    protocol: socket.getProtocol() ?? "TLS",
    chain,
    isVerified: socket.authorized,
    ...(socket.authorized || code === undefined
      ? {}
      : { why: words[code] === undefined ? code : `${words[code]} (${code})` }),
  };
}

function chainOf(leaf: DetailedPeerCertificate): SeenCertificate[] {
  const chain: SeenCertificate[] = [];
  const seen = new Set<string>();
  let each: DetailedPeerCertificate | undefined = leaf;
  while (each !== undefined && each.fingerprint256 !== undefined && chain.length < maxChain) {
    if (seen.has(each.fingerprint256)) break;
    seen.add(each.fingerprint256);
    chain.push(certificateOf(each));
    each = each.issuerCertificate as DetailedPeerCertificate | undefined;
  }
  return chain;
}

const certificateOf = (each: DetailedPeerCertificate): SeenCertificate => ({
  subject: nameOf(each.subject),
  issuer: nameOf(each.issuer),
  names: (each.subjectaltname ?? "")
    .split(", ")
    .flatMap((name) => /^(?:DNS|IP Address):(.+)$/.exec(name)?.[1] ?? [])
    .slice(0, 50),
  from: isoOf(each.valid_from),
  to: isoOf(each.valid_to),
});

const nameOf = (name: PeerCertificate["subject"] | undefined): string =>
  [name?.CN ?? name?.O ?? "without a name"].flat().join(", ").slice(0, 200);

const isoOf = (text: string): string => {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? text : new Date(ms).toISOString();
};
