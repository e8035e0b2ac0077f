import { Output, runtime } from "@pulumi/pulumi";
import { readSettings, type Settings } from "../../settings";
import { messageOf } from "../plan/projects";

/** What stands in a stack file under `config`, by bare key. */
export type Config = Record<string, unknown>;

/** Configuration as a program gets it: full keys, and JSON for all that is no plain text. */
export const configOf = (config: Config): Record<string, string> =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key.includes(":") ? key : `berth:${key}`,
      typeof value === "object" ? JSON.stringify(value) : String(value),
    ]),
  );

/** Reads these settings, those of `secret` keys as Pulumi's secrets. */
export function settingsOf(config: Config, secret: string[] = []): Settings {
  void runtime.setMocks({ newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: ({ inputs }) => inputs }, "berth", "dev");
  runtime.setAllConfig(
    configOf(config),
    secret.map((key) => `berth:${key}`),
  );
  return withoutOrigin(readSettings()) as Settings;
}

/** The one service of these settings, and the one image. */
export const serviceOf = (config: Config): Settings["services"][number] => settingsOf(config).services[0]!;
export const imageOf = (config: Config, secret?: string[]): Settings["images"][number] => settingsOf(config, secret).images[0]!;

/** Settings to compare: without what tells a component where they stand. */
function withoutOrigin(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutOrigin);
  if (typeof value !== "object" || value === null || Output.isInstance(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutOrigin(inner)]));
}

/** What is wrong with these settings, line by line, without the file. */
export const complaintsAbout = async (config: Config, secret: string[] = []): Promise<string[]> => {
  const [headline, ...lines] = (await messageOf(() => settingsOf(config, secret))).split("\n");
  if (lines.length === 0 && headline!.startsWith("Pulumi.dev.yaml: ")) return [headline!.slice("Pulumi.dev.yaml: ".length)];
  if (headline !== `Pulumi.dev.yaml: ${lines.length} settings are wrong`) throw new Error(`no complaint about settings: ${headline}`);
  return lines.map((line) => line.trim());
};
