import * as grpc from "@grpc/grpc-js";
import { CallbacksClient } from "@pulumi/pulumi/proto/callback_grpc_pb";
import type { Callback, CallbackInvokeRequest, CallbackInvokeResponse } from "@pulumi/pulumi/proto/callback_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engine from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Project } from "../plan/project/project";
import { Monitor as Recorder } from "../plan/record/monitor";
import { locationOf } from "../plan/record/region";

/** The offline plan's recorder behind a loopback port, with the rest of an engine around it: all that Pulumi's real Node runner needs. */
export class Monitor {
  readonly recorder: Recorder;
  /** Warnings and errors that the program logged. Lower levels are dropped: debug messages carry plain secrets. */
  readonly messages: string[] = [];
  /**
   * `performance.now()` at the last registration, of a resource or of outputs. The stack is registered before the program is loaded, so without its
   * outputs the time of a program without resources would end before it begins.
   */
  lastRegistration: number | undefined;
  /** Called when the program has finished and waits for leave to exit. */
  onFinished = () => {};

  private readonly server = new grpc.Server();
  private callbacks: CallbacksClient | undefined;
  private rootUrn = "";

  constructor(project: Project, { dryRun }: { dryRun: boolean }) {
    this.recorder = new Recorder({ project, place: locationOf(project), known: !dryRun });
    // The recorder calls transforms in its own process; here they are in the program's, behind a socket.
    Object.assign(this.recorder.callbacks as object, {
      invoke: (call: { request: CallbackInvokeRequest }, reply: grpc.requestCallback<CallbackInvokeResponse>) =>
        this.callbacks?.invoke(call.request, reply),
    });
  }

  /** Starts listening on a free loopback port and returns its address. */
  async start(): Promise<string> {
    const { recorder } = this;
    const { responseDeserialize } = ResourceMonitorService.invoke;
    // What newer SDKs ask for besides is answered with UNIMPLEMENTED, as an older engine does.
    this.server.addService(ResourceMonitorService, {
      supportsFeature: unary(recorder.supportsFeature.bind(recorder)),
      // The recorder answers with the message that older SDKs take; newer ones have one of their own, of the same fields.
      invoke: unary((request: Parameters<Recorder["invoke"]>[0], reply) =>
        recorder.invoke(request, (error, answer) => reply(error, answer && responseDeserialize(Buffer.from(answer.serializeBinary())))),
      ),
      readResource: unary(recorder.readResource.bind(recorder)),
      registerResource: unary((request: RegisterResourceRequest, reply) => {
        this.lastRegistration = performance.now();
        this.connect(request.getTransformsList()[0]);
        recorder.registerResource(request, reply);
      }),
      registerResourceOutputs: unary((request: Parameters<Recorder["registerResourceOutputs"]>[0], reply) => {
        this.lastRegistration = performance.now();
        recorder.registerResourceOutputs(request, reply);
      }),
      registerStackTransform: unary((callback: Callback, reply) => {
        this.connect(callback);
        recorder.registerStackTransform(callback, reply);
      }),
      registerPackage: unary(recorder.registerPackage.bind(recorder)),
      registerResourceHook: unary(recorder.registerResourceHook.bind(recorder)),
      registerErrorHook: unary(recorder.registerErrorHook.bind(recorder)),
      signalAndWaitForShutdown: unary((_: Empty, reply) => {
        this.onFinished();
        reply(null, new Empty());
      }),
    });
    this.server.addService(EngineService, {
      log: unary((request: engine.LogRequest, reply) => {
        if (request.getSeverity() >= engine.LogSeverity.WARNING) this.messages.push(request.getMessage());
        reply(null, new Empty());
      }),
      getRootResource: unary((_: engine.GetRootResourceRequest, reply) =>
        reply(null, new engine.GetRootResourceResponse().setUrn(this.rootUrn)),
      ),
      setRootResource: unary((request: engine.SetRootResourceRequest, reply) => {
        this.rootUrn = request.getUrn();
        reply(null, new engine.SetRootResourceResponse());
      }),
      requirePulumiVersion: unary((_: engine.RequirePulumiVersionRequest, reply) => reply(null, new engine.RequirePulumiVersionResponse())),
    });
    const port = await new Promise<number>((resolve, reject) => {
      this.server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    return `127.0.0.1:${port}`;
  }

  stop(): void {
    this.callbacks?.close();
    this.server.forceShutdown();
  }

  /** Every transform of a program is called at the one address that it listens on. */
  private connect(callback: Callback | undefined): void {
    if (callback) this.callbacks ??= new CallbacksClient(callback.getTarget(), grpc.credentials.createInsecure());
  }
}

type Reply<Response> = (error: Error | null, response?: Response) => void;

/** A gRPC method from one that answers in the recorder's way. */
function unary<Request, Response>(answer: (request: Request, reply: Reply<Response>) => void): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => answer(call.request, (error, response) => (error ? callback(error) : callback(null, response)));
}
