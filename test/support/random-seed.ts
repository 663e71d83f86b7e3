import fc from 'fast-check';

/** Random tests draw the same cases each time, so that only a change can break them; others with `KINFUZZ_TEST_SEED`. */
const seed = process.env['KINFUZZ_TEST_SEED'] ?? '1';
if (!/^-?\d+$/.test(seed)) throw new Error(`KINFUZZ_TEST_SEED is ${JSON.stringify(seed)}, which is no whole number`);
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });
