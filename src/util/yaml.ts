import * as v from 'valibot';
import { type Document, isCollection, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { type Place, UserError } from './errors.ts';

/** A text of YAML as a schema has it, and how to find the line of any of its entries. */
export type ReadYaml<T> = { value: T; placeOf: (path: readonly (string | number)[]) => Place };

/** @throws UserError `KIND_SYNTAX` or `KIND_SHAPE`, with file, line and column */
export function parseYaml<const S extends v.GenericSchema>(text: string, file: string, schema: S, kind: string): ReadYaml<v.InferOutput<S>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken) throw new UserError({ code: `${kind}_SYNTAX`, message: broken.message, place: { file, ...positionAt(lines, broken.pos[0]) } });
  const placeOf = (path: readonly (string | number)[]): Place => ({ file, ...findPosition(document, lines, path) });
  const result = v.safeParse(schema, toPlain(document, lines, file, kind));
  if (result.success) return { value: result.output, placeOf };
  const [issue] = result.issues;
  const path = (issue.path ?? []).map(({ key }) => key as string | number);
  throw new UserError({ code: `${kind}_SHAPE`, message: `${path.join('.') || 'the file'}: ${issue.message}`, place: placeOf(path) });
}

/** Aliases that name nothing, or too much, show only here. */
function toPlain(document: Document, lines: LineCounter, file: string, kind: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    let offset = 0;
    visit(document, { Alias: (_, { range }) => ((offset = range?.[0] ?? 0), visit.BREAK) });
    throw new UserError({ code: `${kind}_SYNTAX`, message: error instanceof Error ? error.message : String(error), place: { file, ...positionAt(lines, offset) } });
  }
}

function findPosition(document: Document, lines: LineCounter, path: readonly (string | number)[]): { line?: number; column?: number } {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    // What spans lines is found by its name.
    const around = document.getIn(path.slice(0, length - 1), true);
    const key = isMap(around) && isCollection(node) ? around.items.find(({ value }) => value === node)?.key : null;
    const place = isScalar(key) ? key : node;
    if (isNode(place) && place.range) return positionAt(lines, place.range[0]);
  }
  return { line: 1, column: 1 };
}

function positionAt(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}
