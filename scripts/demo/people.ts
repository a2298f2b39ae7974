import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Somebody with at least two different pictures. */
export interface Person {
  name: string;
  pictures: Buffer[];
}

/** A folder per person, JPEG, PNG or WebP; only people with two pictures or more. */
export async function peopleIn(directory: string): Promise<Person[]> {
  const people: Person[] = [];
  for (const entry of (await readdir(directory, { withFileTypes: true })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    if (!entry.isDirectory()) continue;
    const files = (await readdir(path.join(directory, entry.name)))
      .filter((file) => /\.(jpe?g|png|webp)$/i.test(file))
      .sort();
    const pictures = await Promise.all(files.map((file) => readFile(path.join(directory, entry.name, file))));
    if (pictures.length >= 2) people.push({ name: entry.name.replaceAll('_', ' '), pictures });
  }
  return people;
}
