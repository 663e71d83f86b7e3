import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findOptionsOfWords } from '../../src/pipeline/kbuild/makefiles.ts';

const directory = mkdtempSync(join(tmpdir(), 'kinfuzz-makefiles-'));
const files = {
  'Makefile': `include-$(CONFIG_FDO) += scripts/Makefile.fdo
KBUILD_CFLAGS-$(CONFIG_ALIGN) += -falign \\
	-fpad=8
# -Werror is for CONFIG_NOBODY
`,
  'scripts/Makefile.fdo': 'CFLAGS := -mllvm -enable-fs=true\n',
  'scripts/Makefile.warn': `ifneq ($(CONFIG_WERROR),)
  ifdef CONFIG_CC_IS_CLANG
KBUILD_CPPFLAGS += -Werror
  else ifdef CONFIG_OTHER
  endif
endif
KBUILD_CFLAGS += -Werror=format -Wno-error
`,
  'arch/x86/Makefile': 'ifdef CONFIG_RETPOLINE\nelse\nKBUILD_CFLAGS += -mplain\nendif\n',
  'arch/arm64/Makefile': 'KBUILD_CFLAGS-$(CONFIG_SHADOW) += -mplain\n',
};
for (const [name, text] of Object.entries(files)) {
  mkdirSync(dirname(join(directory, name)), { recursive: true });
  writeFileSync(join(directory, name), text);
}

test.each<[string, string[], string[]]>([
  ['on its line, continued', ['-fpad=8'], ['ALIGN']],
  ['around it', ['-Werror'], ['WERROR', 'CC_IS_CLANG']],
  ['where its file is included', ['-enable-fs=true'], ['FDO']],
  ['in a file of the architecture', ['-mplain'], ['RETPOLINE']],
  ['for each of some words', ['-mplain', '-falign'], ['ALIGN', 'RETPOLINE']],
  ['nowhere', ['-fpad', '-enable', '.*'], []],
  ['without words', [], []],
])('options that bring a word: %s', async (_, words, expected) => {
  expect([...(await findOptionsOfWords({ directory }, 'x86_64', words))].sort()).toEqual(expected.sort());
});

test('what is no tree has none', async () => {
  expect(await findOptionsOfWords({ directory: join(directory, 'none') }, 'arm64', ['-Werror'])).toEqual(new Set());
});
