import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

type Values = { [key: string]: JavaScriptValue };

const convert = Struct.fromJavaScript.bind(Struct);

/**
 * A protocol buffer's struct that stays what it was made of. The SDK turns the properties of each resource into a tree of messages; a monitor in the same
 * process turns the tree back at once. This one makes the tree only where somebody writes the message down.
 */
class PlainStruct extends Struct {
  private fields: ReturnType<Struct["getFieldsMap"]> | undefined;

  constructor(private readonly values: Values) {
    super();
  }

  override toJavaScript(): Values {
    return this.values;
  }

  override getFieldsMap(): ReturnType<Struct["getFieldsMap"]> {
    this.fields ??= convert(this.values).getFieldsMap();
    return this.fields;
  }
}

/** Does what `Struct.fromJavaScript` does. */
export function plainStruct(values: Values): Struct {
  return new PlainStruct(values);
}
