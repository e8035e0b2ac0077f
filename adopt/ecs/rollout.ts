// How a service is deployed, as settings of its rollout.
import type { DeploymentConfiguration, DeploymentLifecycleHook } from "@aws-sdk/client-ecs";
import type { Path } from "../ledger";
import type { Part } from "./part";

const STRATEGIES: Record<string, string> = { ROLLING: "rolling", BLUE_GREEN: "blueGreen", CANARY: "canary", LINEAR: "linear" };

/** What AWS does where `deploymentConfiguration` does not say it, of a service that runs a number of tasks. */
const USUAL = { minimumHealthyPercent: 100, maximumPercent: 200 };

export function translateRollout(part: Part<DeploymentConfiguration>, isDaemon: boolean): void {
  const to = [...part.to, "rollout"];
  const strategy = STRATEGIES[part.value.strategy ?? "ROLLING"] ?? "rolling";
  const isRolling = strategy === "rolling";
  const said = part.at("strategy");
  const own = [translateAlarms(part, to), isRolling && translateRolling(part, to, isDaemon)];
  if (isRolling && !own.includes(true)) said?.same("Berth's default");
  else if (said) said.take([...to, "strategy"], strategy);
  else part.kept("strategy", [...to, "strategy"], strategy);
  part.at("earlySuccessCriteria")?.same("Berth follows each deployment to its end");
  if (isRolling) return;
  for (const key of ["minimumHealthyPercent", "maximumPercent"] as const) part.at(key)?.same("with two sets of tasks all of them serve");
  part.at("deploymentCircuitBreaker")?.same("the alarms roll back");
  translateShift(part, to);
}

/** Percentages and circuit breaker; returns whether there is a setting. */
function translateRolling(part: Part<DeploymentConfiguration>, to: Path, isDaemon: boolean): boolean {
  for (const key of ["minimumHealthyPercent", "maximumPercent"] as const) {
    const one = part.at(key);
    if (isDaemon) one?.same("of a daemon the old task goes before the new one comes");
    else one?.takeUnless(USUAL[key], [...to, key]);
  }
  const { minimumHealthyPercent: min = 100, maximumPercent: max = 200 } = isDaemon ? {} : part.value;
  const breaker = part.at("deploymentCircuitBreaker");
  const { enable = false, rollback = false } = breaker?.value ?? {};
  if (enable && rollback) breaker!.same("Berth's default");
  else if (enable) breaker!.change("a deployment that fails is rolled back, too");
  else if (breaker) breaker.take([...to, "circuitBreaker"], false);
  else part.kept("deploymentCircuitBreaker", [...to, "circuitBreaker"], false);
  const bake = part.at("bakeTimeInMinutes");
  if (bake?.value === 0) bake.same("none");
  else bake?.change("a rolling deployment ends when its tasks are healthy: Berth waits no further minutes");
  const hooks = part.at("lifecycleHooks");
  hooks?.leave("Hooks belong to blueGreen, canary and linear: choose one of them, or run the command by preDeploy.");
  return min !== 100 || max !== 200 || !enable;
}

/** The alarms that roll back; returns whether there are any. */
function translateAlarms(part: Part<DeploymentConfiguration>, to: Path): boolean {
  const alarms = part.at("alarms");
  if (!alarms?.value.enable) {
    alarms?.same("off");
    return false;
  }
  alarms.at("alarmNames")?.take([...to, "alarms", "alarmNames"]);
  alarms.at("enable")?.same("on, because there are alarms");
  const rollback = alarms.at("rollback");
  if (rollback?.value) rollback.same("always");
  else rollback?.change("an alarm rolls the deployment back, too");
  return true;
}

/** What strategies with two sets of tasks have. */
function translateShift(part: Part<DeploymentConfiguration>, to: Path): void {
  part.at("bakeTimeInMinutes")?.takeUnlessDefault([...to, "bakeTimeInMinutes"]);
  const canary = part.at("canaryConfiguration");
  canary?.at("canaryPercent")?.takeUnlessDefault([...to, "canaryPercent"]);
  canary?.at("canaryBakeTimeInMinutes")?.takeUnlessDefault([...to, "canaryBakeTimeInMinutes"]);
  const linear = part.at("linearConfiguration");
  linear?.at("stepPercent")?.takeUnlessDefault([...to, "stepPercent"]);
  linear?.at("stepBakeTimeInMinutes")?.takeUnlessDefault([...to, "stepBakeTimeInMinutes"]);
  const hooks = part.at("lifecycleHooks");
  hooks?.take([...to, "lifecycleHooks"], hooks.value.map(hookOf));
  if (!part.at("alarms")?.value.enable) part.kept("alarms", [...to, "alarms"], {});
}

function hookOf({
  lifecycleStages: stages,
  hookTargetArn,
  roleArn,
  hookDetails,
  timeoutConfiguration: its,
  targetType,
}: DeploymentLifecycleHook) {
  if (targetType === "PAUSE") {
    const { timeoutInMinutes, action } = its ?? {};
    return { stages, pause: true, ...(timeoutInMinutes !== undefined && { timeoutInMinutes }), ...(action && { onTimeout: action }) };
  }
  const details = hookDetails === undefined ? {} : { details: typeof hookDetails === "string" ? hookDetails : JSON.stringify(hookDetails) };
  return { stages, lambda: hookTargetArn, role: roleArn, ...details };
}
