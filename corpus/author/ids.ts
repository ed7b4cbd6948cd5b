import { createHash } from "node:crypto";

/** Letters of generated names: k8s.io/apimachinery pkg/util/rand leaves out vowels and look-alikes. */
const alphabet = "bcdfghjklmnpqrstvwxz2456789";

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** A suffix like the API server's "x7k2p", the same for the same text. */
export const suffix = (text: string, length = 5): string =>
  [...digest(text).subarray(0, length)].map((byte) => alphabet[byte % alphabet.length]).join("");

/** The uid of an object, the same for the same kind, namespace and name. */
export function uidOf(kind: string, namespace: string | undefined, name: string): string {
  const hex = digest(`${kind}/${namespace ?? ""}/${name}`).toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export const hexOf = (text: string): string => digest(text).toString("hex");
