import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';

type Encoding = '7bit' | 'base64' | 'quoted-printable';
export type Attached = { name: string; content: Buffer; encoding: Encoding };

/** A mail as programs write it, byte for byte. */
export function writeMail(body: string, encoding: Encoding, attached: readonly Attached[], newline: '\n' | '\r\n'): Buffer {
  const head = ['Return-Path: <lkp@mail.example>', 'From: Tester <tester@mail.example>', 'To: list@mail.example', 'Subject: [tree] =?utf-8?q?failure_f=C3=BCr?= you', 'Message-ID: <1@mail.example>', 'MIME-Version: 1.0'];
  const text = part([`Content-Type: text/plain; charset="utf-8"`], Buffer.from(body), encoding);
  const lines = attached.length === 0 ? [...head, ...text] : [...head, 'Content-Type: multipart/mixed; boundary="=-x"', '', 'mime', '--=-x', ...text, ...attached.flatMap(attachment), '--=-x--', ''];
  return Buffer.from(lines.join('\n').replaceAll('\n', newline));
}

function attachment({ name, content, encoding }: Attached): string[] {
  const type = name.endsWith('.gz') ? 'application/gzip' : 'text/plain; charset="us-ascii"';
  return ['--=-x', ...part([`Content-Type: ${type}; name="${name}"`, `Content-Disposition: attachment; filename="${name}"`], content, encoding)];
}

function part(head: readonly string[], content: Buffer, encoding: Encoding): string[] {
  return [...head, `Content-Transfer-Encoding: ${encoding}`, '', encode(content, encoding)];
}

function encode(content: Buffer, encoding: Encoding): string {
  if (encoding === '7bit') return content.toString();
  if (encoding === 'base64') return content.toString('base64').replaceAll(/.{76}/g, '$&\n');
  return content.toString('latin1').split('\n').map(encodeLine).join('\n');
}

/** Quoted-printable, with soft breaks at 73 characters. */
function encodeLine(line: string): string {
  const escaped = [...line].map((character) => (/[\x20-\x3c\x3e-\x7e]/.test(character) ? character : `=${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`));
  const lines: string[] = [''];
  for (const piece of escaped) {
    if ((lines.at(-1) ?? '').length + piece.length > 73) lines.push('');
    lines[lines.length - 1] += piece;
  }
  return lines.join('=\n').replace(/ $/, '=20');
}

const encodings = fc.constantFrom<Encoding>('7bit', 'base64', 'quoted-printable');
const newline = fc.constantFrom<'\n' | '\r\n'>('\n', '\r\n');
const prose = fc.constantFrom('', 'Hi,\nthis fails here:\n', 'On Sun, Nov 22, 2026, A wrote:\n> Greetings,\n>\n', 'tree:   https://git.example/linux.git main\nhead:   0123456789abcdef0123456789abcdef01234567\n');

/** Ways in which a text comes in a mail, as its bytes. */
export const anyMail = (text: string): fc.Arbitrary<Buffer> => fc.oneof(
  fc.tuple(prose, encodings, newline).map(([before, encoding, end]) => writeMail(`${before}${text}\nthanks\n`, encoding, [], end)),
  fc.tuple(prose, fc.integer({ min: 1, max: 4 }), encodings, newline).map(([before, depth, encoding, end]) => writeMail(`${before}${quote(text, '> '.repeat(depth))}\n`, encoding, [], end)),
  fc.tuple(prose, encodings, encodings, fc.constantFrom('config', '.config', 'config-7.3.4-00001-g0123456789ab', 'notes.txt'), newline).map(([before, body, encoding, name, end]) => writeMail(before, body, [{ name, content: Buffer.from(text), encoding }], end)),
  fc.tuple(prose, encodings, newline).map(([before, encoding, end]) => writeMail(before, encoding, [{ name: '.config.gz', content: gzipSync(text), encoding: 'base64' }, { name: 'dmesg.xz', content: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), encoding: 'base64' }], end)),
  fc.tuple(prose, encodings).map(([before, encoding]) => Buffer.concat([Buffer.from('From tester@mail.example Sun Nov 22 10:00:00 2026\n'), writeMail('nothing here\n', '7bit', [], '\n'), Buffer.from('\n\nFrom tester@mail.example Sun Nov 22 10:00:00 2026\n'), writeMail(`${before}${text}\n`, encoding, [], '\n')])),
  fc.constant(gzipSync(text)),
  fc.constant(Buffer.from(text.replaceAll('\n', '\r\n'))),
  fc.constant(Buffer.from(`Subject: html\nMIME-Version: 1.0\nContent-Type: text/html\n\n<html><body><p>Hi</p><pre>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')}</pre></body></html>\n`)),
);

export function quote(text: string, mark: string): string {
  return text.split('\n').map((line) => `${mark}${line}`.trimEnd()).join('\n');
}

/** As mailers break lines: a word goes whole onto the next line, unless it is longer than a line. */
export function wrap(text: string, width: number): string {
  return text.split('\n').map((line) => {
    const lines = [''];
    for (const word of line.split(' ').flatMap((whole) => (whole.length > width ? (whole.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).map((piece, index) => ({ piece, isNew: index > 0 })) : [{ piece: whole, isNew: false }]))) {
      const last = lines.at(-1) ?? '';
      if (word.isNew || (last !== '' && last.length + 1 + word.piece.length > width)) lines.push(word.piece);
      else lines[lines.length - 1] = last === '' ? word.piece : `${last} ${word.piece}`;
    }
    return lines.join('\n');
  }).join('\n');
}

/** A few random edits: what is cut, doubled, swapped for something else, or put in. */
export function mangled(bytes: Buffer): fc.Arbitrary<Buffer> {
  const edit = fc.record({ at: fc.nat(), length: fc.nat({ max: 40 }), kind: fc.constantFrom('cut', 'double', 'replace', 'end'), text: fc.oneof(fc.uint8Array({ maxLength: 12 }).map((random) => Buffer.from(random).toString('latin1')), fc.constantFrom('\n', '"', '=', '\0', '> ', 'kf2_', 'CONFIG_', 'KCONFIG_SEED=', '--=-x', '{', '&a', '*a', '\u001F\u008B')) });
  return fc.array(edit, { minLength: 1, maxLength: 6 }).map((edits) => {
    let text = bytes.toString('latin1');
    for (const { at, length, kind, text: given } of edits) {
      const start = at % (text.length + 1);
      if (kind === 'end') text = text.slice(0, start);
      else text = text.slice(0, start) + (kind === 'double' ? text.slice(start, start + length).repeat(2) : kind === 'replace' ? given : '') + text.slice(start + length);
    }
    return Buffer.from(text, 'latin1');
  });
}
