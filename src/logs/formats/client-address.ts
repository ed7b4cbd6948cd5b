/** A client's address without its port: "203.0.113.9:40112", "[2001:db8::9]:443" and "2001:db8::9", which has none. */
export function clientAddress(text: string): string {
  const bracketed = /^\[([^\]]{1,60})\]/.exec(text);
  if (bracketed?.[1] !== undefined) return bracketed[1];
  const colon = text.indexOf(":");
  return colon !== -1 && colon === text.lastIndexOf(":") ? text.slice(0, colon) : text;
}

/** The first of X-Forwarded-For: who the request came from, if the proxies in between tell the truth. */
export const firstForwarded = (header: string): string =>
  clientAddress((header.split(",", 1)[0] ?? "").trim());
