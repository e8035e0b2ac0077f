import { deployment, service, serviceDeployment, task } from "../answers";
import { FakePrograms } from "../fake-programs";
import { berth, type HarnessOptions, type Result } from "../harness";
import { type Step, scene } from "../scene";
import { type Script, ScriptedAws } from "../scripted-aws";

export const PLACE = ["--cluster", "apps", "--service", "web"];
export const FAST = ["--every", "0.01"];

/** A service whose revision 7 serves, after a revision 6 that did. */
export const serving: Step = {
  service: service([deployment(7)]),
  serviceDeployments: [serviceDeployment(7), serviceDeployment(6)],
  running: [task("aaaa", 7)],
};

/** What a verb plays on: a scripted AWS for each run, and programs that stand in for the real ones. */
export class Stage {
  /** The AWS of the last run. */
  aws!: ScriptedAws;
  programs!: FakePrograms;
  private servers: ScriptedAws[] = [];

  /** Call inside a `describe`: each of its tests gets a fresh stage. */
  static use(): Stage {
    const stage = new Stage();
    beforeEach(() => {
      stage.programs = new FakePrograms();
    });
    afterEach(async () => {
      await Promise.all(stage.servers.splice(0).map((server) => server.close()));
      stage.programs.remove();
    });
    return stage;
  }

  async run(args: string[], steps: Step[] = [serving], more: Script = {}, options: HarnessOptions = {}): Promise<Result> {
    this.aws = await ScriptedAws.start(scene(steps, more));
    this.servers.push(this.aws);
    return berth(this.aws.url, args, options);
  }
}
