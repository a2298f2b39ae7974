import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Kinds of samples by how their files' names end. */
const KINDS = {
  pictures: { ending: /\.(jpe?g|png|webp)$/i, words: '.jpg, .png or .webp pictures' },
  recordings: {
    ending: /\.(wav|flac|ogg|oga|opus|webm|m4a|mp3)$/i,
    words: '.wav, .flac, .ogg, .opus, .webm, .m4a or .mp3 recordings',
  },
};
type Kind = keyof typeof KINDS;

/** Samples of one label: a person, or a kind of presentation. */
export interface Group {
  name: string;
  /** Paths, sorted by name. */
  files: string[];
}

/** The folder cannot be measured; the message is for whoever gave it. */
export class CorpusError extends Error {}

/**
 * A folder of folders of samples, sorted by name; folders without one are left out.
 *
 * @throws CorpusError when it is not there or holds no such folder
 */
export function readGroups(dir: string, kind: Kind = 'pictures'): Group[] {
  const { ending, words } = KINDS[kind];
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CorpusError(`There is no folder ${dir}`);
  }
  const groups = readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({
      name,
      files: readdirSync(join(dir, name))
        .filter((file) => ending.test(file))
        .sort()
        .map((file) => join(dir, name, file)),
    }))
    .filter(({ files }) => files.length > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (groups.length === 0) throw new CorpusError(`${dir} has no folder with ${words} in it`);
  return groups;
}

/**
 * A folder per person.
 *
 * @throws CorpusError when it does not allow genuine and impostor comparisons
 */
export function readSubjects(dir: string, kind: Kind = 'pictures'): Group[] {
  const subjects = readGroups(dir, kind);
  if (subjects.length < 2 || !subjects.some(({ files }) => files.length > 1)) {
    throw new CorpusError(`${dir} needs at least two people, and one with at least two ${kind}`);
  }
  return subjects;
}
