/** Titles of steps, which the report has and `berth adopt check` prints. */
export const TITLES = {
  quiet: "Deploy nothing by Copilot any more",
  retain: "Keep every resource when its stack goes",
  queues: "Name the queues that are there",
  files: "Name the file system that is there",
  jobs: "Stop the jobs' old schedules",
  import: "Import what runs",
  preview: "See that nothing is replaced",
  update: "Update",
  delete: "Delete the stacks of CloudFormation, and none of what they hold",
  runners: "Move what ran on App Runner",
} as const;
