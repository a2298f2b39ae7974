import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';

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

/**
 * Two people whose pictures come with the repository and its packages: public-domain portraits
 * (`test/fixtures/faces`), and the one person who is in two of the group pictures that `@vladmandic/face-api`
 * (MIT) ships.
 */
export async function peopleInTheBox(): Promise<[Person, Person]> {
  const root = path.join(__dirname, '..', '..');
  const portraits = path.join(root, 'test', 'fixtures', 'faces', 'obama');
  const groups = path.join(path.dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo');
  const guest = (file: string, left: number, top: number): Promise<Buffer> =>
    sharp(path.join(groups, file))
      .extract({ left, top, width: 400, height: 520 })
      .jpeg({ quality: 92 })
      .toBuffer();
  return [
    {
      name: 'Barack Obama',
      pictures: await Promise.all(
        ['1.jpg', '2.jpg', '3.jpg'].map((file) => readFile(path.join(portraits, file))),
      ),
    },
    {
      name: 'Guest of two pictures',
      pictures: await Promise.all([guest('sample3.jpg', 990, 80), guest('sample1.jpg', 1390, 80)]),
    },
  ];
}
