/** Text as it may stand between tags and in a quoted attribute (HTML 13.1.2.3 and 13.1.4, XML 1.0 2.4). */
export const htmlText = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
