import type { onnx } from 'onnx-proto';
import { z } from 'zod';
import { filterToOnnx, GraphBuilder } from './graph.js';
import { readWeights, type Weight } from './weights.js';

const manifest = z.tuple([z.object({ weights: z.unknown() })]);

const SIZE = 150;
const DIMENSIONS = 128;
const BLOCKS = [
  'conv32_1',
  'conv32_2',
  'conv32_3',
  'conv64_down',
  'conv64_1',
  'conv64_2',
  'conv64_3',
  'conv128_down',
  'conv128_1',
  'conv128_2',
  'conv256_down',
  'conv256_1',
  'conv256_2',
  'conv256_down_out',
];

/**
 * dlib's face recognition ResNet (29 convolutions, 128-d) out of face-api.js's weights, as ONNX opset 17, NCHW.
 *
 * face-api.js holds the weights only; the net is its `FaceRecognitionNet.forwardInput`: a 7x7 convolution with stride
 * 2, a 3x3 maximum, residual blocks, a global mean and one matrix. The scale layer behind each convolution is folded
 * into it. Where a block halves an even side, its convolution comes out one row and column short of the shortcut and
 * is padded with zeros after, as dlib's add layer does; so is the shortcut where the channels double.
 */
export function convertDlib(json: Buffer, shards: Buffer): onnx.IModelProto {
  const [{ weights }] = manifest.parse(JSON.parse(json.toString('utf8')));
  return new DlibNet(readWeights(weights, shards)).build();
}

interface Activation {
  name: string;
  channels: number;
  side: number;
}

class DlibNet {
  private readonly graph = new GraphBuilder('dlib-face-recognition-resnet');

  constructor(private readonly weights: Map<string, Weight>) {}

  build(): onnx.IModelProto {
    let x = this.relu(this.convolution({ name: 'input', channels: 3, side: SIZE }, 'conv32_down', 2));
    x = {
      name: this.graph.node('MaxPool', 'pool', [x.name], { kernel_shape: [3, 3], strides: [2, 2] }),
      channels: x.channels,
      side: Math.floor((x.side - 3) / 2) + 1,
    };
    for (const block of BLOCKS) x = this.residual(x, block);
    const mean = this.graph.node('ReduceMean', 'mean', [x.name], { axes: [2, 3], keepdims: 0 });
    const { shape, values } = this.weight('fc');
    this.graph.node('MatMul', 'descriptor', [mean, this.graph.floats('fc', shape, values)]);
    return this.graph.model({ input: [1, 3, SIZE, SIZE] }, { descriptor: [1, DIMENSIONS] });
  }

  private residual(x: Activation, block: string): Activation {
    const down = block.includes('down');
    const first = this.relu(this.convolution(x, `${block}/conv1`, down ? 2 : 1));
    const second = this.convolution(first, `${block}/conv2`, 1);
    const shortcut = down ? this.halve(x, `${block}/shortcut`) : x;
    const sum = {
      name: this.graph.node('Add', `${block}/sum`, [
        this.padTo(second, shortcut.channels, shortcut.side),
        this.padTo(shortcut, second.channels, second.side),
      ]),
      channels: Math.max(second.channels, shortcut.channels),
      side: Math.max(second.side, shortcut.side),
    };
    return this.relu(sum);
  }

  /** Convolution and the scale behind it: w' = w * scale, b' = b * scale + offset. Stride 1 keeps the side, 2 pads nothing. */
  private convolution(x: Activation, layer: string, stride: 1 | 2): Activation {
    const { dims, values } = filterToOnnx(this.weight(`${layer}/conv/filters`));
    const bias = this.weight(`${layer}/conv/bias`).values;
    const scale = this.weight(`${layer}/scale/weights`).values;
    const offset = this.weight(`${layer}/scale/biases`).values;
    const [outs, , side] = dims as [number, number, number, number];
    const perOut = values.length / outs;
    const folded = values.map((value, index) => value * (scale[Math.floor(index / perOut)] as number));
    const shifted = bias.map((value, index) => value * (scale[index] as number) + (offset[index] as number));
    const pad = stride === 1 ? (side - 1) / 2 : 0;
    return {
      name: this.graph.node(
        'Conv',
        layer,
        [
          x.name,
          this.graph.floats(`${layer}/filters`, dims, folded),
          this.graph.floats(`${layer}/bias`, [outs], shifted),
        ],
        { strides: [stride, stride], pads: [pad, pad, pad, pad] },
      ),
      channels: outs,
      side: Math.floor((x.side + 2 * pad - side) / stride) + 1,
    };
  }

  private relu(x: Activation): Activation {
    return { ...x, name: this.graph.node('Relu', `${x.name}/relu`, [x.name]) };
  }

  private halve(x: Activation, name: string): Activation {
    this.graph.node('AveragePool', name, [x.name], { kernel_shape: [2, 2], strides: [2, 2] });
    return { name, channels: x.channels, side: Math.floor((x.side - 2) / 2) + 1 };
  }

  /** Name of x padded with zeros, after its own, to at least so many channels and so long a side. */
  private padTo(x: Activation, channels: number, side: number): string {
    const c = Math.max(0, channels - x.channels);
    const s = Math.max(0, side - x.side);
    if (c === 0 && s === 0) return x.name;
    const name = `${x.name}/padded`;
    const pads = this.graph.integers(`${name}/pads`, [0, 0, 0, 0, 0, c, s, s]);
    return this.graph.node('Pad', name, [x.name, pads], { mode: 'constant' });
  }

  private weight(name: string): Weight {
    const weight = this.weights.get(name);
    if (!weight) throw new Error(`There is no weight ${name}`);
    return weight;
  }
}
