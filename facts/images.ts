// References to images. No Pulumi here.

/** What ECS takes as an image. */
export const IMAGE = /^[\w/.:@#-]{1,255}$/;

/** What is wrong with an image that a service runs, which must not change under it; undefined if nothing is. */
export function imageComplaint(uri: string): string | undefined {
  if (!IMAGE.test(uri))
    return `${JSON.stringify(uri)} is not an image; write one like "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1.0".`;
  const name = uri.slice(uri.lastIndexOf("/") + 1);
  if (uri.includes("@sha256:") || (name.includes(":") && !name.endsWith(":latest"))) return undefined;
  return `${JSON.stringify(uri)} ${name.includes(":") ? "is a moving tag" : "has neither tag nor digest"}; give a digest (…@sha256:…) or a tag that is never pushed twice.`;
}
