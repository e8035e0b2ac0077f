// What a stack's settings should say of an app, each with its reason: by its Dockerfile, and where that is silent by its framework. Pure.
import { baseImage } from "../../facts/base-images";
import type { ImageFacts } from "../../facts/dockerfile";
import type { Framework } from "./framework";

/** A setting, its value, and why. Without a value nothing is written: the default, or the Dockerfile, already says so. */
export interface Decision {
  /** `service.port`, by its parts. */
  path: string[];
  value?: unknown;
  why: string;
}

/** What was found of an app. */
export interface App {
  /** The folder that is built, from the project's. */
  context: string;
  /** Where the Dockerfile is, for messages. */
  dockerfile: string;
  facts: ImageFacts;
  framework?: Framework | undefined;
}

/** The settings of an app. */
export function decide({ context, dockerfile, facts, framework }: App): Decision[] {
  const at = ({ line }: { line: number }) => `${dockerfile}:${line}`;
  const known = framework && `${framework.name} (${framework.file})`;
  return [
    ...(context === "./app" ? [] : [{ path: ["image", "context"], value: context, why: `the Dockerfile is ${dockerfile}` }]),
    ...architecture(),
    ...port(),
    ...health(),
    ...user(),
    ...volumes(),
    ...size(),
  ];

  function architecture(): Decision[] {
    const said = facts.platform;
    if (said?.value !== "linux/arm64") return [];
    return [{ path: ["architecture"], value: "arm64", why: `FROM says ${said.value} (${at(said)})` }];
  }

  function port(): Decision[] {
    const path = ["service", "port"];
    const [exposed] = facts.ports;
    if (exposed) return [{ path, why: `left to EXPOSE (${at(exposed)}), which the plan reads` }];
    const variable = facts.environment.get("PORT");
    if (variable) return [{ path, why: `left to PORT (${at(variable)}), which the plan reads` }];
    if (baseImage(facts.base.value ?? "").port !== undefined)
      return [{ path, why: `left to ${facts.base.value} (${at(facts.base)}), which the plan knows` }];
    return framework?.port === undefined ? [] : [{ path, value: framework.port, why: `${known} listens on it` }];
  }

  function health(): Decision[] {
    const path = ["service", "healthCheck", "path"];
    const check = facts.healthCheck;
    const probe = check?.value ? check.value.probe : undefined;
    if (check && probe) return [{ path, why: `left to HEALTHCHECK (${at(check)}), which the plan reads` }];
    if (!known || framework.worker) return [];
    return framework.health !== undefined
      ? [{ path, value: framework.health, why: `${known} has it` }]
      : [{ path, value: "/", why: `${known} has no health check of its own; "/" must answer 200, or give another path` }];
  }

  function user(): Decision[] {
    const said = facts.user;
    const id = said?.value?.split(":")[0];
    const ids = baseImage(facts.base.value ?? "").users ?? {};
    if (!said?.value || !id || /^(root|0|1000)$/.test(id) || (Object.hasOwn(ids, id) && ids[id] === "1000")) return [];
    return [{ path: ["service", "user"], value: said.value, why: `USER (${at(said)})` }];
  }

  function volumes(): Decision[] {
    const others = facts.volumes.filter(({ value }) => value !== undefined && value !== "/tmp");
    if (others.length === 0) return [];
    const value = [...new Set(["/tmp", ...others.map((volume) => volume.value)])];
    return [{ path: ["service", "writablePaths"], value, why: `VOLUME (${at(others[0]!)}); the root file system is read-only` }];
  }

  function size(): Decision[] {
    if (!framework?.size) return [];
    const why = `${known} starts slowly with less`;
    return (["cpu", "memory"] as const).map((key) => ({ path: ["service", key], value: framework.size![key], why }));
  }
}
