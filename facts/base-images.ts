// What is certain of well-known base images and what their Dockerfiles cannot tell: ports, shells, and what they write as they start. No Pulumi here.

/** What a base image brings. */
export interface BaseImage {
  /** Port that it listens on unless it is configured otherwise. */
  port?: number;
  /** It has no shell. */
  noShell?: true;
  /** Directories that it writes to as it starts, as root. */
  writes?: string[];
  /** What to use in its place. */
  instead?: string;
  /** It answers FastCGI, which no load balancer speaks. */
  fastCgi?: true;
  /** Numeric ids of its users. */
  users?: Record<string, string>;
}

/** By the repository's name (without registry and library/), and the tag where it matters. */
const BASES: { name: RegExp; tag?: RegExp; brings: BaseImage }[] = [
  { name: /^scratch$/, brings: { noShell: true } },
  { name: /^gcr\.io\/distroless\/.+$/, tag: /^(?!.*debug).*$/, brings: { noShell: true, users: { nonroot: "65532" } } },
  { name: /^cgr\.dev\/chainguard\/static$/, brings: { noShell: true, users: { nonroot: "65532" } } },
  { name: /^nginxinc\/nginx-unprivileged$/, brings: { port: 8080 } },
  {
    name: /^nginx(\/nginx)?$/,
    brings: { port: 80, writes: ["/var/cache/nginx", "/run"], instead: "nginxinc/nginx-unprivileged, which listens on 8080" },
  },
  { name: /^httpd$/, brings: { port: 80, writes: ["/usr/local/apache2/logs"] } },
  { name: /^caddy$/, brings: { port: 80 } },
  { name: /^tomcat$/, brings: { port: 8080 } },
  { name: /^php$/, tag: /apache/, brings: { port: 80, writes: ["/run/apache2", "/run/lock/apache2"] } },
  { name: /^php$/, tag: /fpm/, brings: { fastCgi: true } },
  { name: /^node$/, brings: { users: { node: "1000" } } },
];

/** What the base image is known to bring; nothing for one that is not known. */
export function baseImage(image: string): BaseImage {
  const [reference = ""] = image.split("@");
  const [, name = "", tag = ""] = /^(.*?)(?::([^/:]*))?$/.exec(reference) ?? [];
  const short = name.replace(/^(docker\.io|public\.ecr\.aws)\//, "").replace(/^(docker\/)?library\//, "");
  return BASES.find((base) => base.name.test(short) && (base.tag?.test(tag) ?? true))?.brings ?? {};
}
