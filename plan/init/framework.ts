// Which framework an app is made with, by the files of its folder, and what is known of its defaults. Pure but for `read`.

/** The text of a file of the app; undefined where there is none. A name that begins with "*" is that of any file with this ending. */
export type ReadFile = (name: string) => string | undefined;

/** A framework, as far as a stack's settings need it. */
export interface Framework {
  name: string;
  /** The file that it was recognized by. */
  file: string;
  /** Port that it listens on whatever PORT says; absent where it follows PORT. */
  port?: number;
  /** Path of the health check that it brings. */
  health?: string;
  /** Size of a task that starts and serves, where the smallest one is too small. */
  size?: { cpu: string; memory: string };
  /** It takes no requests. */
  worker?: true;
}

type Known = Omit<Framework, "file"> & { files: string[]; uses: RegExp; healthIf?: RegExp };

const MIDDLE = { cpu: "0.5 vCPU", memory: "1 GB" };
const node = (name: string, dependency: string, more: Partial<Known> = {}): Known => ({
  name,
  files: ["package.json"],
  uses: new RegExp(`"${dependency}"\\s*:`),
  ...more,
});
const python = (name: string, more: Partial<Known> = {}): Known => ({
  name,
  files: ["requirements.txt", "pyproject.toml", "Pipfile"],
  uses: new RegExp(`(^|["'\\s])${name}(\\[[^\\]]*\\])?\\s*(["'=<>~!;,]|$)`, "im"),
  ...more,
});
const jvm = (name: string, uses: RegExp, more: Partial<Known>): Known => ({
  name,
  files: ["pom.xml", "build.gradle", "build.gradle.kts"],
  uses,
  size: MIDDLE,
  port: 8080,
  ...more,
});

/** The more particular first: a Nest app uses Express, a Rails app Puma. */
const KNOWN: Known[] = [
  node("Next.js", "next", { size: MIDDLE }),
  node("Nuxt", "nuxt", { size: MIDDLE }),
  node("NestJS", "@nestjs/core"),
  node("Remix", "@remix-run/[a-z-]+"),
  node("Temporal worker", "@temporalio/worker", { worker: true }),
  node("Fastify", "fastify"),
  node("Koa", "koa"),
  node("Hono", "hono"),
  node("Express", "express"),
  python("Streamlit", { port: 8501, health: "/_stcore/health", size: MIDDLE }),
  python("Gradio", { port: 7860, size: MIDDLE }),
  python("Django"),
  python("FastAPI"),
  python("Flask"),
  python("Celery", { worker: true }),
  { name: "Rails", files: ["Gemfile"], uses: /gem ['"]rails['"]/, health: "/up", size: MIDDLE },
  { name: "Sinatra", files: ["Gemfile"], uses: /gem ['"]sinatra['"]/ },
  { name: "Sidekiq", files: ["Gemfile"], uses: /gem ['"]sidekiq['"]/, worker: true },
  jvm("Spring Boot", /spring-boot/, { health: "/actuator/health", healthIf: /spring-boot-starter-actuator/ }),
  jvm("Quarkus", /quarkus/, { health: "/q/health", healthIf: /smallrye-health/ }),
  jvm("Micronaut", /micronaut/, { health: "/health", healthIf: /micronaut-management/ }),
  jvm("Ktor", /ktor/, {}),
  { name: "Laravel", files: ["composer.json"], uses: /"laravel\/framework"/, health: "/up" },
  { name: "Symfony", files: ["composer.json"], uses: /"symfony\/framework-bundle"/ },
  { name: "Phoenix", files: ["mix.exs"], uses: /:phoenix\b/ },
  { name: "ASP.NET Core", files: ["*.csproj"], uses: /Microsoft\.NET\.Sdk\.Web/, port: 8080 },
  { name: "Axum", files: ["Cargo.toml"], uses: /^axum\b/m },
  { name: "Actix", files: ["Cargo.toml"], uses: /^actix-web\b/m },
  { name: "Go", files: ["go.mod"], uses: /^module /m },
];

/** The framework of an app; undefined where none is known. */
export function frameworkOf(read: ReadFile): Framework | undefined {
  for (const { files, uses, healthIf, health, ...framework } of KNOWN) {
    for (const file of files) {
      const text = read(file);
      if (text === undefined || !uses.test(text)) continue;
      return { ...framework, file, ...(health !== undefined && (healthIf?.test(text) ?? true) && { health }) };
    }
  }
  return undefined;
}
