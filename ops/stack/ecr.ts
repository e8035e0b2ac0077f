/** What names images of several platforms. */
const INDEXES = ["application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json"];
/** What names the layers of one. */
const MANIFESTS = ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"];

/** Every form in which ECR has an image, so that it answers with the one that was pushed. */
export const MEDIA_TYPES = [...INDEXES, ...MANIFESTS];
