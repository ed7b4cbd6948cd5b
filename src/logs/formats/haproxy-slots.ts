/** What haproxy-ingress says of the address of one server, or that the addresses of some are not known any more. */
export type SlotChange =
  | { readonly kind: "holds"; readonly server: string; readonly address?: string }
  | { readonly kind: "forgotten"; readonly backend?: string };

const change =
  /^(updated|enabled|registered new|disabled|deleted) endpoint '([^'\s]{3,80})' weight '\d{1,5}' (?:on )?backend\/server '([^'\s]{1,300}\/[^'\s]{1,200})'/;
const rewritten = /^added (?:endpoints on )?backend '([^'\s]{1,300})'/;

/**
 * Words of jcmoraisjr/haproxy-ingress pkg/haproxy/dynupdate.go, written at its default verbosity 2. It numbers servers anew,
 * without a word, where it makes a backend or lacks slots in one. haproxytech/kubernetes-ingress fills its slots in the order of a Go map and tells
 * of it at level trace only.
 */
export function readSlotChange(text: string): SlotChange | undefined {
  const m = change.exec(text);
  if (m !== null) {
    const [, verb, address = "", server = ""] = m;
    const isEmpty = verb === "disabled" || verb === "deleted";
    return { kind: "holds", server, ...(isEmpty ? {} : { address }) };
  }
  if (text.startsWith("version info")) return { kind: "forgotten" };
  const backend = rewritten.exec(text)?.[1];
  return backend === undefined ? undefined : { kind: "forgotten", backend };
}
