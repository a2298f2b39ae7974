import { join } from 'node:path';
import { measurePeer, peerFolder, peerRequire, tensorflow, tensorOf, type Tensor } from './peer.js';

/** `@vladmandic/face-api` as its own Node demonstration uses it: SSD MobileNet, 68 landmarks, dlib's ResNet. */

/** The part of the package that is used; its types want the DOM. */
interface FaceApi {
  nets: Record<
    'ssdMobilenetv1' | 'faceLandmark68Net' | 'faceRecognitionNet',
    { loadFromDisk(path: string): Promise<void> }
  >;
  SsdMobilenetv1Options: new (options: { minConfidence: number; maxResults: number }) => object;
  detectSingleFace(
    tensor: Tensor,
    options: object,
  ): {
    withFaceLandmarks(): { withFaceDescriptor(): Promise<{ descriptor: Float32Array } | undefined> };
  };
  euclideanDistance(a: Float32Array, b: Float32Array): number;
}

measurePeer(async () => {
  const tf = await tensorflow();
  const faceApi = peerRequire(
    join(peerFolder('@vladmandic/face-api'), 'dist/face-api.node-wasm.js'),
  ) as FaceApi;
  const models = join(peerFolder('@vladmandic/face-api'), 'model');
  const { ssdMobilenetv1, faceLandmark68Net, faceRecognitionNet } = faceApi.nets;
  for (const net of [ssdMobilenetv1, faceLandmark68Net, faceRecognitionNet]) await net.loadFromDisk(models);
  const options = new faceApi.SsdMobilenetv1Options({ minConfidence: 0.1, maxResults: 10 });
  return {
    async describe(image) {
      const tensor = await tensorOf(tf, image);
      const face = await faceApi.detectSingleFace(tensor, options).withFaceLandmarks().withFaceDescriptor();
      tf.dispose(tensor);
      if (!face) throw new Error('face-api found no face');
      return face.descriptor;
    },
    compare: (probe, reference) => faceApi.euclideanDistance(probe, reference),
  };
});
