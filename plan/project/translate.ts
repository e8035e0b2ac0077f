import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Project } from "./project";

/** What Pulumi's runner takes where the project's own settings say nothing. */
const DEFAULTS = { target: "ES2020", module: "nodenext", moduleResolution: "nodenext" };
/** "This option is deprecated", which Pulumi's runner does not mind either. */
const DEPRECATED = [5101, 5107];

/**
 * Lets Node load a project's TypeScript, by the project's own settings as Pulumi's runner does, but without a look at the types. In the repository that the
 * tool comes from everything is translated already.
 */
export function translate({ root, tsconfig }: Project): void {
  if (__filename.endsWith(".ts")) return;
  const { register } = require("ts-node") as typeof import("ts-node");
  const { loadTypeScriptCompilerOptions } = require("@pulumi/pulumi/tsutils") as { loadTypeScriptCompilerOptions(file: string): object };
  const project = resolve(root, tsconfig ?? "tsconfig.json");
  const compilerOptions = { ...DEFAULTS, ...loadTypeScriptCompilerOptions(project) };
  const skipProject = !existsSync(project);
  register({ cwd: root, project, skipProject, transpileOnly: true, ignoreDiagnostics: DEPRECATED, compilerOptions });
}
