import { onnx } from 'onnx-proto';
import type { Weight } from './weights.js';

const OPSET = 17;
/** IR version of ONNX 1.12, the release that brought opset 17. */
const IR_VERSION = 8;

type Attribute = number | number[] | string;

/** Collects nodes and initialisers of an ONNX graph; the order of the calls is the order in the file. */
export class GraphBuilder {
  private readonly nodes: onnx.INodeProto[] = [];
  private readonly initialisers: onnx.ITensorProto[] = [];

  constructor(private readonly name: string) {}

  /** Adds a node with one output, named like the node; integers become INT(S), strings STRING. Returns the output. */
  node(opType: string, output: string, input: string[], attributes: Record<string, Attribute> = {}): string {
    this.nodes.push({
      opType,
      name: output,
      input,
      output: [output],
      attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    });
    return output;
  }

  floats(name: string, dims: number[], values: ArrayLike<number>): string {
    const rawData = Buffer.alloc(values.length * 4);
    for (let index = 0; index < values.length; index += 1)
      rawData.writeFloatLE(values[index] as number, index * 4);
    this.initialisers.push({ name, dims, dataType: onnx.TensorProto.DataType.FLOAT, rawData });
    return name;
  }

  integers(name: string, values: ArrayLike<number>): string {
    const rawData = Buffer.alloc(values.length * 8);
    for (let index = 0; index < values.length; index += 1) {
      rawData.writeBigInt64LE(BigInt(values[index] as number), index * 8);
    }
    this.initialisers.push({
      name,
      dims: [values.length],
      dataType: onnx.TensorProto.DataType.INT64,
      rawData,
    });
    return name;
  }

  model(inputs: Record<string, number[]>, outputs: Record<string, number[]>): onnx.IModelProto {
    return {
      irVersion: IR_VERSION,
      producerName: 'probity',
      opsetImport: [{ domain: '', version: OPSET }],
      graph: {
        name: this.name,
        node: this.nodes,
        initializer: this.initialisers,
        input: Object.entries(inputs).map(valueInfo),
        output: Object.entries(outputs).map(valueInfo),
      },
    };
  }
}

function attribute(name: string, value: Attribute): onnx.IAttributeProto {
  const { AttributeType } = onnx.AttributeProto;
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: Buffer.from(value) };
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: value };
  return { name, type: AttributeType.INTS, ints: value };
}

function valueInfo([name, shape]: [string, number[]]): onnx.IValueInfoProto {
  const dim = shape.map((dimValue) => ({ dimValue }));
  return { name, type: { tensorType: { elemType: onnx.TensorProto.DataType.FLOAT, shape: { dim } } } };
}

/**
 * A TensorFlow convolution filter [height, width, in, out] as ONNX has it, [out, in, height, width]; a depthwise one
 * [height, width, channel, 1] becomes [channel, 1, height, width].
 */
export function filterToOnnx(
  { shape, values }: Weight,
  depthwise = false,
): { dims: number[]; values: Float32Array } {
  const [height, width, a, b] = shape as [number, number, number, number];
  const [outs, ins] = depthwise ? [a, b] : [b, a];
  if (depthwise && b !== 1) throw new Error(`A depthwise filter with multiplier ${b} is not supported`);
  const moved = new Float32Array(values.length);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      for (let i = 0; i < ins; i += 1)
        for (let o = 0; o < outs; o += 1) {
          const from = depthwise ? ((y * width + x) * a + o) * b + i : ((y * width + x) * a + i) * b + o;
          moved[((o * ins + i) * height + y) * width + x] = values[from] as number;
        }
  return { dims: [outs, ins, height, width], values: moved };
}
