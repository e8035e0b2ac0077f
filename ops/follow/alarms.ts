// The alarms of a service: those that guard its deployments, and those that the stack has exported.
import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { Service } from "@aws-sdk/client-ecs";
import type { Observer } from "./observe";

export interface AlarmReport {
  name: string;
  state: string;
  /** Since when it is in that state. */
  since?: string;
  /** What is wrong when it rings, and what to do, in the alarm's own words. */
  about?: string;
}

/** AWS's limit for the names of one call. */
const AT_ONCE = 100;

/**
 * The alarms that guard deployments, and those of the stack. Those of the scaling policies stay out: to be in ALARM is their normal work. So do those of
 * another service, which an alarm's own words name.
 */
export async function readAlarms(observer: Observer, service: Service, ofStack: string[], label?: string): Promise<AlarmReport[]> {
  const guards = service.deploymentConfiguration?.alarms?.enable === false ? [] : service.deploymentConfiguration?.alarms?.alarmNames;
  const names = [...new Set([...(guards ?? []), ...ofStack])];
  const found: MetricAlarm[] = [];
  for (let i = 0; i < names.length; i += AT_ONCE) {
    const { MetricAlarms = [] } = await observer.aws.cloudwatch().describeAlarms({ AlarmNames: names.slice(i, i + AT_ONCE) });
    found.push(...MetricAlarms);
  }
  return found.filter((alarm) => label === undefined || isAbout(alarm, label)).map(reportOf);
}

const isAbout = ({ AlarmDescription = "" }: MetricAlarm, label: string) => {
  const [, named = label] = / --service (\S+)/.exec(AlarmDescription) ?? [];
  return named === label;
};

const reportOf = ({
  AlarmName = "?",
  StateValue,
  StateTransitionedTimestamp,
  StateUpdatedTimestamp,
  AlarmDescription,
}: MetricAlarm): AlarmReport => {
  const since = (StateTransitionedTimestamp ?? StateUpdatedTimestamp)?.toISOString();
  return {
    name: AlarmName,
    state: StateValue ?? "?",
    ...(since !== undefined && { since }),
    ...(AlarmDescription && { about: AlarmDescription }),
  };
};
