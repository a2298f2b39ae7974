import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const PICTURE = /\.(jpe?g|png|webp)$/i;

/** Pictures of one label: a person, or a kind of presentation. */
export interface Group {
  name: string;
  /** Paths, sorted by name. */
  pictures: string[];
}

/** The folder cannot be measured; the message is for whoever gave it. */
export class CorpusError extends Error {}

/**
 * A folder of folders of pictures, sorted by name; folders without a picture are left out.
 *
 * @throws CorpusError when it is not there or holds no such folder
 */
export function readGroups(dir: string): Group[] {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CorpusError(`There is no folder ${dir}`);
  }
  const groups = readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({
      name,
      pictures: readdirSync(join(dir, name))
        .filter((file) => PICTURE.test(file))
        .sort()
        .map((file) => join(dir, name, file)),
    }))
    .filter(({ pictures }) => pictures.length > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (groups.length === 0)
    throw new CorpusError(`${dir} has no folder with .jpg, .png or .webp pictures in it`);
  return groups;
}

/**
 * A folder per person.
 *
 * @throws CorpusError when it does not allow genuine and impostor comparisons
 */
export function readSubjects(dir: string): Group[] {
  const subjects = readGroups(dir);
  if (subjects.length < 2 || !subjects.some(({ pictures }) => pictures.length > 1)) {
    throw new CorpusError(`${dir} needs at least two people, and one with at least two pictures`);
  }
  return subjects;
}
