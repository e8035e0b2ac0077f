import "../../../components"; // Loaded once, before the recordings, which would load them each time.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adopt } from "../../../adopt/command";
import { loadProject } from "../../../plan/project/project";
import { record } from "../../../plan/record/record";
import { assertSnapshot } from "../../helpers/snapshot";
import { CORPUS, pulumiProject } from "./project";

/** Adopts a project of the corpus in a folder of its own. */
async function adoptedProject(name: string): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), `compose-${name}-`));
  cpSync(join(CORPUS, name), root, { recursive: true });
  for (const [file, text] of Object.entries(pulumiProject(root))) writeFileSync(join(root, file), text);
  const compose = readdirSync(root).find((file) => /compose\.ya?ml$/.test(file))!;
  await adopt({ cwd: root, compose: join(root, compose), service: [], region: "eu-west-1" });
  return root;
}

describe("typical compose projects", () => {
  for (const name of readdirSync(CORPUS)) {
    it(`${name}: the stack file and the report are as they were, and the program takes the settings`, async () => {
      const root = await adoptedProject(name);
      for (const file of ["Pulumi.prod.yaml", "adopt.prod.md"]) {
        assertSnapshot(join(__dirname, "golden", `${name}.${file}`), readFileSync(join(root, file), "utf8"), `${file} of ${name}`);
      }
      const { known } = await record(loadProject({ cwd: root, stack: "prod" }));
      const services = known.resources.filter(({ type }) => type === "aws:ecs/service:Service").map((one) => one.name);
      assert.deepEqual(services.sort(), SERVICES[name]);
    });
  }
});

const SERVICES: Record<string, string[]> = {
  django: ["beat", "web", "worker"],
  microservices: ["mailer-svc", "orders", "outbox", "web"],
  "node-postgres": ["api"],
  php: ["nginx", "php"],
  worker: ["jobs"],
};
