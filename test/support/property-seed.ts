import fc from 'fast-check';

/** One seed for every property of the suite: a red run is red again. Set FC_SEED to look elsewhere. */
fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 20261125) });
