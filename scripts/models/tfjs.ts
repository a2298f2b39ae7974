import type { onnx } from 'onnx-proto';
import { z } from 'zod';
import { filterToOnnx, GraphBuilder } from './graph.js';
import { readWeights, type Weight } from './weights.js';

const attribute = z.object({
  s: z.string().optional(),
  list: z.object({ i: z.array(z.string()).optional(), s: z.array(z.string()).optional() }).optional(),
});
const tensorInfo = z.object({
  name: z.string(),
  tensorShape: z.object({ dim: z.array(z.object({ size: z.coerce.number().int().positive() })) }),
});
const graphModel = z.object({
  format: z.literal('graph-model'),
  userDefinedMetadata: z.object({
    signature: z.object({
      inputs: z.record(z.string(), tensorInfo),
      outputs: z.record(z.string(), tensorInfo),
    }),
  }),
  modelTopology: z.object({
    node: z.array(
      z.object({
        name: z.string(),
        op: z.string(),
        input: z.array(z.string()).default([]),
        attr: z.record(z.string(), attribute.catch({})).default({}),
      }),
    ),
  }),
  weightsManifest: z.tuple([z.object({ weights: z.unknown() })]),
});
type Node = z.infer<typeof graphModel>['modelTopology']['node'][number];

/**
 * A frozen TensorFlow.js graph model (its JSON and its weights) as ONNX, opset 17.
 *
 * The source computes in NHWC; the result takes and computes NCHW, and goes back to NHWC in front of each Reshape,
 * so that flattened heads keep the source's element order. Names and shapes of the outputs are the source's.
 *
 * @throws Error on an operation or an attribute the shipped models do not use
 */
export function convertGraphModel(json: Buffer, shards: Buffer): onnx.IModelProto {
  const source = graphModel.parse(JSON.parse(json.toString('utf8')));
  const { inputs, outputs } = source.userDefinedMetadata.signature;
  const conversion = new Conversion(readWeights(source.weightsManifest[0].weights, shards));
  for (const node of source.modelTopology.node) conversion.add(node);
  return conversion.graph.model(
    shapes(inputs, ([batch, height, width, channels]) => [batch, channels, height, width] as number[]),
    shapes(outputs, (shape) => shape),
  );
}

function shapes(
  infos: Record<string, z.infer<typeof tensorInfo>>,
  order: (shape: number[]) => number[],
): Record<string, number[]> {
  return Object.fromEntries(
    Object.values(infos).map(({ name, tensorShape }) => [
      name.replace(/:0$/, ''),
      order(tensorShape.dim.map(({ size }) => size)),
    ]),
  );
}

class Conversion {
  readonly graph = new GraphBuilder('tfjs-graph-model');

  constructor(private readonly weights: Map<string, Weight>) {}

  add(node: Node): void {
    const { name, op, input } = node;
    const [x, second, third] = input as [string, string, string];
    switch (op) {
      case 'Placeholder':
      case 'Const':
        return;
      case '_FusedConv2D':
        this.convolution(node, x, this.weight(second), third);
        return;
      case 'DepthwiseConv2dNative':
        this.depthwise(node, x, this.weight(second));
        return;
      case 'MaxPool':
        this.graph.node('MaxPool', name, [x], { ...window(node), kernel_shape: spatial(node, 'ksize') });
        return;
      case 'AddV2':
        this.graph.node('Add', name, [x, second]);
        return;
      case 'Relu':
      case 'Identity':
        this.graph.node(op, name, [x]);
        return;
      case 'Pad':
        this.pad(name, x, this.weight(second));
        return;
      case 'Reshape': {
        const nhwc = this.graph.node('Transpose', `${name}/nhwc`, [x], { perm: [0, 2, 3, 1] });
        const shape = this.graph.integers(`${name}/shape`, this.weight(second).values);
        this.graph.node('Reshape', name, [nhwc, shape]);
        return;
      }
      default:
        throw new Error(`Operation ${op} (${name}) is not converted`);
    }
  }

  private weight(name: string): Weight {
    const weight = this.weights.get(name);
    if (!weight) throw new Error(`There is no weight ${name}`);
    return weight;
  }

  private convolution(node: Node, x: string, filter: Weight, bias: string): void {
    const steps = node.attr['fused_ops']?.list?.s?.map(text) ?? [];
    if (steps[0] !== 'BiasAdd' || steps.length > 2 || (steps.length === 2 && steps[1] !== 'Relu')) {
      throw new Error(`Fused operations ${steps.join(', ')} (${node.name}) are not converted`);
    }
    const { dims, values } = filterToOnnx(filter);
    const inputs = [
      x,
      this.graph.floats(`${node.name}/filter`, dims, values),
      this.graph.floats(`${node.name}/bias`, this.weight(bias).shape, this.weight(bias).values),
    ];
    if (steps.length === 1) this.graph.node('Conv', node.name, inputs, window(node));
    else
      this.graph.node('Relu', node.name, [
        this.graph.node('Conv', `${node.name}/conv`, inputs, window(node)),
      ]);
  }

  private depthwise(node: Node, x: string, filter: Weight): void {
    const { dims, values } = filterToOnnx(filter, true);
    const inputs = [x, this.graph.floats(`${node.name}/filter`, dims, values)];
    this.graph.node('Conv', node.name, inputs, { ...window(node), group: dims[0] as number });
  }

  private pad(name: string, x: string, { values }: Weight): void {
    // [before, after] per NHWC axis, against all befores and then all afters in NCHW order.
    const nchw = [0, 3, 1, 2];
    const pads = [0, 1].flatMap((side) => nchw.map((axis) => values[axis * 2 + side] as number));
    this.graph.node('Pad', name, [x, this.graph.integers(`${name}/pads`, pads)], { mode: 'constant' });
  }
}

const text = (base64: string): string => Buffer.from(base64, 'base64').toString('latin1');

/** Height and width of an NHWC attribute. */
function spatial(node: Node, name: string): [number, number] {
  const [, height, width] = node.attr[name]?.list?.i?.map(Number) ?? [];
  if (height === undefined || width === undefined) throw new Error(`${node.name} has no ${name}`);
  return [height, width];
}

/** Strides and padding. TensorFlow's SAME puts the odd pixel after, as ONNX's SAME_UPPER does. */
function window(node: Node): { strides: [number, number]; auto_pad: string } {
  const padding = text(node.attr['padding']?.s ?? '');
  if (padding !== 'SAME' && padding !== 'VALID')
    throw new Error(`Padding ${padding} (${node.name}) is not converted`);
  if (text(node.attr['data_format']?.s ?? '') !== 'NHWC') throw new Error(`${node.name} is not in NHWC`);
  if (node.attr['dilations'] && spatial(node, 'dilations').some((step) => step !== 1)) {
    throw new Error(`Dilation (${node.name}) is not converted`);
  }
  return { strides: spatial(node, 'strides'), auto_pad: padding === 'SAME' ? 'SAME_UPPER' : 'VALID' };
}
