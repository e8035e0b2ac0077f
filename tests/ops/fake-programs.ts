import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A directory of shell scripts that stand in for programs: PATH is this directory alone. */
export class FakePrograms {
  readonly directory = mkdtempSync(join(tmpdir(), "berth-bin-"));

  add(name: string, script: string): this {
    writeFileSync(join(this.directory, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return this;
  }

  /** A file in the directory, for a project or for what a script wrote. */
  file(name: string, text: string): this {
    writeFileSync(join(this.directory, name), text);
    return this;
  }

  get env(): Record<string, string> {
    return { PATH: this.directory };
  }

  /** Takes everything out of the directory. */
  clear(): void {
    for (const name of readdirSync(this.directory)) rmSync(join(this.directory, name));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}
