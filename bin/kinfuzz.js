#!/usr/bin/env node
import { join } from 'node:path';
import { ensurePackages, runOnPinnedNode, top } from './packages.js';

ensurePackages();
process.exit(await runOnPinnedNode([join(top, 'src', 'cli', 'main.ts'), ...process.argv.slice(2)]));
