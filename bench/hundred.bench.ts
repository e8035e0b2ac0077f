import type { Graph } from "../facts/graph";
import { interleave, medianTime, ratio, resultLine, targetLine } from "./measure";
import { measure, sampleProgram, stackFile } from "./programs";

export const title = "A hundred services on one load balancer: components, and a stack file, against the same raw resources";

export async function run(report: (line: string) => void, { runs }: { runs: number }): Promise<void> {
  const { services, file, raw } = await interleave(
    {
      services: () => measure(sampleProgram("services-100")),
      file: () => measure(stackFile(100)),
      raw: () => measure(sampleProgram("raw-100")),
    },
    runs,
  );
  const [ours, theirs] = [services[0]!.graph, raw[0]!.graph];
  report(resultLine("components", services));
  report(resultLine("stack file", file));
  report(resultLine("raw resources", raw));
  report(targetLine("components / raw, time", medianTime(services) / medianTime(raw), { atMost: 1.3 }, ratio));
  report(targetLine("stack file / components, time", medianTime(file) / medianTime(services), { atMost: 1.15 }, ratio));
  reportDifference(countByType(file[0]!.graph), countByType(ours), "the stack file", report);
  reportDifference(countByType(ours), countByType(theirs), "components", report);

  const lookups = countBy(ours.invokes.map(({ token }) => token));
  for (const [token, count] of lookups) report(`  ${token}: ${count} invoke${count === 1 ? "" : "s"}`);
  const perService = Math.max(0, ...lookups.values()) >= 100;
  report(`  invokes for a hundred services: ${ours.invokes.length}   target none per service: ${perService ? "MISSED" : "ok"}`);
}

function countByType({ resources }: Graph): Map<string, number> {
  return countBy(resources.filter(({ custom }) => custom).map(({ type }) => type));
}

function countBy(keys: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of [...keys].sort()) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** The comparison is fair only while both programs make the same resources. */
function reportDifference(ours: Map<string, number>, theirs: Map<string, number>, whose: string, report: (line: string) => void): void {
  const types = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  const different = types.filter((type) => ours.get(type) !== theirs.get(type));
  const total = [...ours.values()].reduce((sum, count) => sum + count, 0);
  report(`  resources by ${whose}: ${total}, the same types: ${different.length === 0 ? "ok" : "MISSED, bring the other up to date:"}`);
  for (const type of different) report(`    ${type}: ${ours.get(type) ?? 0} by ${whose}, ${theirs.get(type) ?? 0} there`);
}
