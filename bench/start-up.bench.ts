import * as path from "node:path";
import { loadProject } from "../plan/project/project";
import { interleave, medianMemory, medianTime, ratio, resultLine, targetLine } from "./measure";
import { measure, sampleProgram } from "./programs";

export const title = "Start-up under Pulumi's runner, to the last registration, and peak memory";

export async function run(report: (line: string) => void, { runs }: { runs: number }): Promise<void> {
  const ours = loadProject({ cwd: path.join(__dirname, ".."), stack: "dev" });
  const { empty, berth, official } = await interleave(
    {
      empty: () => measure(sampleProgram("empty")),
      berth: () => measure(ours),
      official: () => measure(sampleProgram("official")),
    },
    runs,
  );
  report(resultLine("empty program", empty));
  report(resultLine("berth, stack dev", berth));
  report(resultLine("official template's shape", official));
  report(targetLine("berth / empty, time", medianTime(berth) / medianTime(empty), { atMost: 1.4 }, ratio));
  report(targetLine("official / berth, time", medianTime(official) / medianTime(berth), { atLeast: 4 }, ratio));
  const [officialMemory, berthMemory] = [medianMemory(official), medianMemory(berth)];
  if (officialMemory === undefined || berthMemory === undefined) report("  memory is not measured: this machine has no /proc");
  else report(targetLine("official / berth, memory", officialMemory / berthMemory, { atLeast: 3 }, ratio));
}
