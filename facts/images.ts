// References to images. No Pulumi here.

/** What ECS takes as an image. */
export const IMAGE = /^[\w/.:@#-]{1,255}$/;

/** The images that Microsoft and others publish for Windows, by their names. */
const WINDOWS = /^mcr\.microsoft\.com\/(windows|dotnet\/framework)\b|:[^/@]*(nanoserver|windowsservercore)/;

/** What is wrong with an image or a base image for Windows, as its name or the platform tells; undefined for any other. */
export const windowsComplaint = (image: string, platform = ""): string | undefined =>
  WINDOWS.test(image) || platform.startsWith("windows/")
    ? `${image} is for Windows, and tasks run Linux here; use an image for Linux.`
    : undefined;

/** What is wrong with an image that a service runs, which must not change under it; undefined if nothing is. */
export function imageComplaint(uri: string): string | undefined {
  if (!IMAGE.test(uri))
    return `${JSON.stringify(uri)} is not an image; write one like "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1.0".`;
  const windows = windowsComplaint(uri);
  if (windows) return windows;
  const name = uri.slice(uri.lastIndexOf("/") + 1);
  if (uri.includes("@sha256:") || (name.includes(":") && !name.endsWith(":latest"))) return undefined;
  return `${JSON.stringify(uri)} ${name.includes(":") ? "is a moving tag" : "has neither tag nor digest"}; give a digest (…@sha256:…) or a tag that is never pushed twice.`;
}
