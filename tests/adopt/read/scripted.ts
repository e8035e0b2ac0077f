import { type Script, ScriptedAws } from "../../ops/scripted-aws";

/** AWS by script, for the suite that calls it: what comes back starts one, which this process then asks. After each test all is as before. */
export function scripted(): (script: Script) => Promise<ScriptedAws> {
  const before = { ...process.env };
  const servers: ScriptedAws[] = [];
  afterEach(async () => {
    process.env = { ...before };
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  return async (script) => {
    const aws = await ScriptedAws.start(script);
    servers.push(aws);
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: aws.url,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_REGION: "eu-west-1",
    });
    return aws;
  };
}
