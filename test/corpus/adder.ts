import { addSighting } from '../../src/corpus/merge.ts';
import { updateCases } from '../../src/corpus/store.ts';

/** One of several processes that add to a corpus at once: a case of its own a round, and a sighting to one that all share. */
const [corpus = '', writer = ''] = process.argv.slice(2);
for (let round = 0; round < 5; round += 1) {
  const name = `w${writer}-${round}`;
  await updateCases(corpus, (cases) => {
    const shared = cases.find((one) => one.name === 'one');
    if (!shared) throw new Error('the shared case is gone');
    const now = addSighting(shared, 'seen', { tree: name, fingerprint: '00000000', toolchain: 'host' });
    return [...cases.filter((one) => one !== shared), now, { ...shared, name, seen: [], gone: [], assignments: `CONFIG_${name.toUpperCase().replace('-', '_')}=y\n` }];
  });
}
