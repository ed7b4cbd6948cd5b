/** "10.42.3.17:8080" → "10.42.3.17", "[fd00::1]:80" → "fd00::1"; a name stays as it is. */
export function addressIp(address: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(address);
  if (bracketed?.[1] !== undefined) return bracketed[1];
  const colon = address.lastIndexOf(":");
  return colon > 0 && address.indexOf(":") === colon ? address.slice(0, colon) : address;
}
