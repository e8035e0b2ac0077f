// References to images. No Pulumi here.

/** What is wrong with an image that a service runs, which must not change under it; undefined if nothing is. */
export function imageComplaint(uri: string): string | undefined {
  const name = uri.slice(uri.lastIndexOf("/") + 1);
  if (uri.includes("@sha256:") || (name.includes(":") && !name.endsWith(":latest"))) return undefined;
  return `${JSON.stringify(uri)} ${name.includes(":") ? "is a moving tag" : "has neither tag nor digest"}; give a digest (…@sha256:…) or a tag that is never pushed twice.`;
}
