import { gunzipSync } from 'node:zlib';
import PostalMime from 'postal-mime';
import { UserError } from '../../util/errors.ts';
import { excerpt } from './lines.ts';
import type { Part } from './records.ts';

/** What a file that was given is made of; `aside`: what of it cannot be read, in words. */
export type Parts = { parts: Part[]; aside: string[] };

/** A configuration is a few hundred kilobytes; more than this, and something else was meant. */
export const mostBytes = 32 * 1024 * 1024;

/**
 * The texts in a file: itself, or where it is a mail (or several, as a mailbox) their bodies and what is attached;
 * `.gz` is undone wherever it is met.
 *
 * @throws UserError `GIVEN_UNREADABLE` for what is no text
 */
export async function splitParts(name: string, bytes: Uint8Array): Promise<Parts> {
  const plain = unpack(bytes);
  if (typeof plain === 'string') throw unreadable(name, plain);
  const text = decode(plain);
  if (text === null) throw unreadable(name, 'it is no text');
  if (!isMail(text)) return { parts: [{ name, text, isMail: false }], aside: [] };
  const mails = splitMailbox(plain);
  const split = await Promise.all(mails.map((mail, index) => splitMail(mails.length > 1 ? `${name}[mail ${index + 1}]` : name, mail)));
  return { parts: split.flatMap(({ parts }) => parts), aside: split.flatMap(({ aside }) => aside) };
}

async function splitMail(name: string, mail: Uint8Array): Promise<Parts> {
  const { subject, text, html, attachments } = await PostalMime.parse(mail).catch((error: unknown) => {
    throw unreadable(name, error instanceof Error ? error.message : String(error));
  });
  const body = text ?? (html === undefined ? '' : textOfHtml(html));
  const parts: Part[] = [{ name: `${name}[text]`, text: body === '' ? (subject ?? '') : body, isMail: true }];
  const aside: string[] = [];
  for (const [index, { filename, content }] of attachments.entries()) {
    const label = excerpt(filename ?? `attachment ${index + 1}`);
    const plain = unpack(typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content));
    const read = typeof plain === 'string' ? null : decode(plain);
    if (read === null) aside.push(`${name}[${label}]: ${typeof plain === 'string' ? plain : 'it is no text'}`);
    else parts.push({ name: `${name}[${label}]`, text: read, isMail: true });
  }
  return { parts, aside };
}

/** Undoes gzip; a reason in words where it cannot be undone. */
function unpack(bytes: Uint8Array): Uint8Array | string {
  if (bytes.length > mostBytes) return `it is larger than ${mostBytes / 1024 ** 2} MiB`;
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes });
  } catch (error) {
    return `gzip cannot be undone: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Null where it is no text. Bytes that are no UTF-8 are of no account: what is looked for is ASCII. */
function decode(bytes: Uint8Array): string | null {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(bytes).replaceAll('\r\n', '\n');
  return text.includes('\0') ? null : text;
}

const header = /^(?:[A-Za-z][A-Za-z0-9-]*:(?:[ \t].*)?\n(?:[ \t].*\n)*){2}/;
const tellingHeader = /^(?:From|Subject|Date|Message-ID|MIME-Version|Content-Type|Content-Transfer-Encoding|Received|To|Delivered-To|Return-Path):/im;
/** Begins each mail of a mailbox. */
const envelope = /^From .*\d{4}$/;

function isMail(text: string): boolean {
  const start = envelope.test(text.slice(0, Math.max(0, text.indexOf('\n')))) ? text.slice(text.indexOf('\n') + 1) : text;
  const [head] = header.exec(start) ?? [];
  return head !== undefined && tellingHeader.test(head);
}

/** One character a byte, so that no encoding is touched. */
function splitMailbox(bytes: Uint8Array): Uint8Array[] {
  const mails: string[][] = [[]];
  let isBlankBefore = true;
  for (const line of Buffer.from(bytes).toString('latin1').split('\n')) {
    if (isBlankBefore && envelope.test(line.trimEnd())) mails.push([]);
    else mails.at(-1)?.push(line);
    isBlankBefore = line.trim() === '';
  }
  return mails.filter((lines) => lines.some((line) => line.trim() !== '')).map((lines) => Buffer.from(lines.join('\n'), 'latin1'));
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'", '#34': '"' };

/** Good enough for lines of ASCII in a mail that has nothing but HTML. */
function textOfHtml(html: string): string {
  const lines = html.replaceAll(/<(?:br|\/p|\/div|\/tr|\/pre)\b[^>]*>/gi, '\n').replaceAll(/<[^>]*>/g, '');
  return lines.replaceAll(/&(amp|lt|gt|quot|nbsp|#39|#34);/g, (_, name: string) => entities[name] ?? '');
}

function unreadable(file: string, why: string): UserError {
  return new UserError({ code: 'GIVEN_UNREADABLE', message: `nothing can be taken from this file: ${why}`, place: { file }, hint: 'a seed, a .config or a fragment, a case, a finding, or a mail or text with one of them is wanted' });
}
