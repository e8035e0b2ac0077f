import assert from "node:assert/strict";
import { TransformRequest } from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { plainStruct } from "../../sdk/plain-struct";

const VALUES = { text: "a", empty: "", number: 1.5, yes: true, nothing: null, list: [1, "b", { c: [] }], map: { d: { e: "f" } } };

describe("plainStruct", () => {
  it("gives back what it was made of", () => assert.deepEqual(plainStruct(VALUES).toJavaScript(), VALUES));

  it("is written as the SDK's own is, alone and in a message", () => {
    assert.deepEqual(plainStruct(VALUES).serializeBinary(), Struct.fromJavaScript(VALUES).serializeBinary());
    const written = new TransformRequest().setProperties(plainStruct(VALUES)).serializeBinary();
    assert.deepEqual(TransformRequest.deserializeBinary(written).getProperties()?.toJavaScript(), VALUES);
  });
});
