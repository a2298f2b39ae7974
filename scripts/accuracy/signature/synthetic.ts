/** `tsx scripts/accuracy/signature/synthetic.ts DIR`: the made-up signatures that provisional thresholds rest on. */
import { writeSignatures } from './writers.js';

const [dir] = process.argv.slice(2);
if (dir === undefined) throw new Error('Needs the folder to write to');
writeSignatures(dir, 20, 1000);
