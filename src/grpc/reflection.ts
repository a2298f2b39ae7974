import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { ReflectionService } from '@grpc/reflection';
import { service as healthService } from 'grpc-health-check';

type Package = ConstructorParameters<typeof ReflectionService>[0];

/** Written beside the generated code by `npm run generate`. */
const DESCRIPTORS = path.join(__dirname, 'gen', 'descriptors.binpb');

/**
 * Server reflection over the descriptors of our protos, file by file as they lie in proto/, and of the health
 * service.
 */
export async function reflectionService(): Promise<ReflectionService> {
  const set = fromBinary(FileDescriptorSetSchema, await readFile(DESCRIPTORS));
  const ours = {
    fileDescriptorProtos: set.file.map((file) => Buffer.from(toBinary(FileDescriptorProtoSchema, file))),
  };
  // Of a package definition reflection reads `fileDescriptorProtos` and nothing else. The loader that builds
  // whole ones merges the files of a package into one that nobody wrote.
  return new ReflectionService({ ours, health: healthService.Check?.requestType } as unknown as Package);
}
