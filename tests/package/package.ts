// The package as a team publishes it and as a project has it: built, packed by npm, and unpacked beside the project's other packages.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { REPOSITORY } from "../helpers/places";

const BUILD = join(REPOSITORY, "scripts", "build.js");

export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

export function run(program: string, args: string[], cwd?: string): Outcome {
  const { AWS_REGION: _, AWS_DEFAULT_REGION: __, ...env } = process.env;
  return spawnSync(program, args, { encoding: "utf8", env, cwd, maxBuffer: 64 * 1024 * 1024 });
}

export const build = (...args: string[]) => run(process.execPath, [BUILD, ...args]);

/** The package, and projects that use it. */
export class Package {
  /** The folder that all the rest is in. */
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "berth-package-")));
  /** Every file of the tarball, by its path in the package. */
  readonly files: string[];
  private readonly unpacked = join(this.root, "package");

  constructor(readonly name: string) {
    const built = join(this.root, "dist");
    succeed(build("--name", name, "--out", built));
    const [{ filename }] = JSON.parse(succeed(run("npm", ["pack", "--json"], built))) as [{ filename: string }];
    succeed(run("tar", ["-xzf", join(built, filename), "-C", this.root]));
    const all = readdirSync(this.unpacked, { recursive: true, encoding: "utf8" });
    this.files = all.filter((file) => statSync(this.path(file)).isFile());
  }

  path(file: string): string {
    return join(this.unpacked, file);
  }

  /** A project with the package in its node_modules, beside links to everything that this repository has. */
  project(folder: string, files: Record<string, string>): string {
    const project = join(this.root, folder);
    const modules = join(project, "node_modules");
    for (const name of packagesIn(join(REPOSITORY, "node_modules"))) {
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      symlinkSync(join(REPOSITORY, "node_modules", name), join(modules, name));
    }
    cpSync(this.unpacked, join(modules, this.name), { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(project, name)), { recursive: true });
      writeFileSync(join(project, name), text);
    }
    return project;
  }

  /** Runs the tool as the project has it, in the project or elsewhere. */
  berth(project: string, args: string[], cwd = project): Outcome {
    return run(process.execPath, [join(project, "node_modules", this.name, "bin", "berth.js"), ...args], cwd);
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}

function packagesIn(modules: string): string[] {
  const folders = readdirSync(modules).filter((name) => !name.startsWith("."));
  return folders.flatMap((name) => (name.startsWith("@") ? readdirSync(join(modules, name)).map((inner) => join(name, inner)) : [name]));
}

function succeed({ status, stdout, stderr }: Outcome): string {
  if (status !== 0) throw new Error(`It ended with ${status}: ${stdout}${stderr}`);
  return stdout;
}
