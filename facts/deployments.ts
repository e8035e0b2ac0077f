// What AWS's limits of a rolling deployment leave room for. No Pulumi here.

/** Tasks that a rolling deployment may start beside the old ones, and may take away before the new ones are healthy. */
export function deploymentRoom(tasks: number, minimumPercent: number, maximumPercent: number): { extra: number; removable: number } {
  return {
    extra: Math.max(0, Math.floor((tasks * maximumPercent) / 100) - tasks),
    removable: Math.max(0, tasks - Math.ceil((tasks * minimumPercent) / 100)),
  };
}
