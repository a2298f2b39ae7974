// Reads an OpenAPI document on standard input and ends with status 1, and why, where it is not valid. A process of its
// own because the validator is an ES module, which jest's CommonJS cannot load.
import process from 'node:process';
import { text } from 'node:stream/consumers';
import SwaggerParser from '@apidevtools/swagger-parser';

const document = JSON.parse(await text(process.stdin));
await SwaggerParser.validate(document, { resolve: { external: false } }).catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
