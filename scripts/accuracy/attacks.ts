import { readFile } from 'node:fs/promises';
import type { FaceAnalyser, FaceParts } from '../../src/biometrics/index.js';
import { CorpusError, type Group } from './corpus.js';
import { rateOf, type Rate } from './statistics.js';

const WANT: FaceParts = { embedding: false, pose: true, eyes: false, quality: true, liveness: true };
const BONA_FIDE = 'bonafide';

export type Verdict = 'LIVE' | 'SPOOF_SUSPECTED' | 'NOT_ASSESSED';

export interface SpeciesResult {
  /** Kind of presentation attack instrument: the folder's name. */
  species: string;
  presentations: number;
  /** Attacks taken for bona fide, of those that were assessed. */
  apcer: Rate;
  /** Presentations without a verdict. */
  nonResponse: Rate;
}

export interface AttackResult {
  /** Bona fide presentations taken for attacks, of those that were assessed. */
  bpcer: Rate;
  bonaFide: number;
  bonaFideNonResponse: Rate;
  species: SpeciesResult[];
  /** The species with the highest APCER: the one that counts (ISO/IEC 30107-3). Null when none was assessed. */
  worst: SpeciesResult | null;
}

/**
 * Puts every picture of a folder of folders through the product's liveness assessment: `bonafide/` and one folder per
 * species of attack. Pictures in which nothing was found count as non-response.
 *
 * @throws CorpusError without `bonafide` or without a species
 */
export async function judge(groups: Group[], analyser: FaceAnalyser): Promise<Map<string, Verdict[]>> {
  if (!groups.some(({ name }) => name === BONA_FIDE) || groups.length < 2) {
    throw new CorpusError(`The attacks folder needs ${BONA_FIDE}/ and a folder per species of attack`);
  }
  const verdicts = new Map<string, Verdict[]>();
  for (const { name, files } of groups) {
    const found: Verdict[] = [];
    for (const picture of files) {
      const { primary } = await analyser.analyse(await readFile(picture), WANT);
      found.push(primary?.liveness.outcome ?? 'NOT_ASSESSED');
    }
    verdicts.set(name, found);
  }
  return verdicts;
}

/** APCER by species and BPCER, with non-response rates (ISO/IEC 30107-3). */
export function attackRates(verdicts: Map<string, Verdict[]>): AttackResult {
  const bonaFide = verdicts.get(BONA_FIDE) ?? [];
  const species = [...verdicts]
    .filter(([name]) => name !== BONA_FIDE)
    .map(([name, found]) => ({
      species: name,
      presentations: found.length,
      apcer: share(found, 'LIVE'),
      nonResponse: nonResponse(found),
    }));
  const assessed = species.filter(({ apcer }) => apcer.trials > 0);
  return {
    bpcer: share(bonaFide, 'SPOOF_SUSPECTED'),
    bonaFide: bonaFide.length,
    bonaFideNonResponse: nonResponse(bonaFide),
    species,
    worst: assessed.reduce<SpeciesResult | null>(
      (worst, each) => (worst && (worst.apcer.estimate ?? 0) >= (each.apcer.estimate ?? 0) ? worst : each),
      null,
    ),
  };
}

function share(verdicts: Verdict[], verdict: Verdict): Rate {
  const assessed = verdicts.filter((each) => each !== 'NOT_ASSESSED');
  return rateOf(assessed.filter((each) => each === verdict).length, assessed.length);
}

function nonResponse(verdicts: Verdict[]): Rate {
  return rateOf(verdicts.filter((each) => each === 'NOT_ASSESSED').length, verdicts.length);
}
