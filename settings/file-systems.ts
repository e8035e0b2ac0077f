// What a stack file says of file systems: those that services and tasks share, by name, and which volumes they are.
import { ORIGIN } from "../components/base/origin";
import { type Givens, map, optional, type Rule } from "../components/base/schema";
import type { FileSystem } from "../components/files/file-system";
import { fileSystemSettings } from "../components/files/file-system";
import { FILE_SYSTEM } from "../components/task/volume-arguments";
import { wordComplaint } from "../facts/errors";
import { from } from "./places";
import { nameComplaint, type ofVolumes } from "./service";
import { listed, placeOf } from "./services";
import type { OfTasks } from "./tasks";

/** The key of a stack file that says which file systems there are beside those of single volumes. */
export const ofFileSystems = { fileSystems: optional(map(fileSystemSettings, { name: nameComplaint }), {}) };

type Volumes = Givens<{ volumes: typeof ofVolumes }>["volumes"];
type WithFiles = OfTasks & typeof ofFileSystems;

/** The file systems of the stack that volumes name, and where. */
const uses = (given: Givens<WithFiles>) =>
  [
    ...listed(given).map((one) => ({ place: placeOf(one), volumes: one.given.volumes ?? {} })),
    ...Object.entries(given.tasks ?? {}).map(([name, { volumes = {} }]) => ({ place: ["tasks", name], volumes })),
  ].flatMap(({ place, volumes }) =>
    Object.entries(volumes).flatMap(([name, { efs }]) =>
      typeof efs === "string" && !FILE_SYSTEM.test(efs) ? [{ at: [...place, "volumes", name, "efs"].join("."), name: efs }] : [],
    ),
  );

export const fileSystemRules: Rule<WithFiles>[] = [
  {
    about: ["service", "services", "tasks", "fileSystems"],
    at: "fileSystems",
    complain: (_, given) => {
      const names = Object.keys(given.fileSystems ?? {});
      const used = uses(given);
      return [
        ...used.flatMap(({ at, name }) => {
          if (names.includes(name)) return [];
          const text =
            names.length > 0
              ? wordComplaint(name, names, "a file system of this stack")
              : `the stack has no file system of that name; add fileSystems: { ${name}: {} }, or write efs: {} for one of its own.`;
          return [{ at, text }];
        }),
        ...names
          .filter((name) => !used.some((use) => use.name === name))
          .map((name) => ({ at: `fileSystems.${name}`, text: `no volume is this one; write efs: ${name} there, or leave it out.` })),
      ];
    },
  },
];

/** The file systems that are shared, as components take them. */
export const fileSystemsOf = ({ fileSystems = {} }: Givens<typeof ofFileSystems>, deletionProtection: boolean) =>
  Object.entries(fileSystems).map(([name, its]) => ({ name, deletionProtection, ...its, [ORIGIN]: from("fileSystems", name) }));

/** The arguments of a service or a task, each of whose own file systems is protected as the stack is. */
export function withProtection<T extends { volumes?: Volumes }>(args: T, deletionProtection: boolean): T {
  if (args.volumes === undefined) return args;
  const volumes = Object.entries(args.volumes).map(([name, volume]) => {
    const isMade = typeof volume.efs === "object";
    return [name, isMade ? { ...volume, efs: { deletionProtection, ...(volume.efs as object) } } : volume];
  });
  return { ...args, volumes: Object.fromEntries(volumes) as Volumes };
}

/** The volumes with the file systems that they name. */
export const mounting = (volumes: Volumes, files: ReadonlyMap<string, FileSystem>) =>
  Object.fromEntries(
    Object.entries(volumes ?? {}).map(([name, volume]) => {
      const shared = typeof volume.efs === "string" ? files.get(volume.efs) : undefined;
      return [name, shared ? { ...volume, efs: shared } : volume];
    }),
  );
