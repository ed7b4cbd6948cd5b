/** A parameter of nginx.conf in quotes; `$` stays a variable. */
export const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
