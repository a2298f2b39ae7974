import { again as writeAgain } from '../storage/index.js';
import { TakenOver } from './watching/taken-over.js';

/** `again` of the storage room, where a stream that was taken over is an answer. */
export async function again<T>(work: () => Promise<T>): Promise<T> {
  return writeAgain(work, (error) => error instanceof TakenOver);
}
