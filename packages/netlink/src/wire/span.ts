import { decodeText, text as textGiven } from '@ifdepd/libc';
import type { AttributeWalk } from './attribute-walk.ts';
import { bytesGiven, someObjectGiven } from './given.ts';

/** Where a value stands in the bytes of a message: text stays bytes until {@link Span.text} decodes it. */
export class Span {
  at = 0;
  size = 0;

  clear(): void {
    this.at = 0;
    this.size = 0;
  }

  /** The value of an attribute. */
  set(attribute: AttributeWalk): void {
    someObjectGiven('Span.set: attribute', attribute);
    this.at = attribute.at;
    this.size = attribute.size;
  }

  /** The text in the value of an attribute: it ends at the first NUL. */
  setText(attribute: AttributeWalk, bytes: Uint8Array): void {
    someObjectGiven('Span.setText: attribute', attribute);
    bytesGiven('Span.setText: bytes', bytes);
    let size = 0;
    while (size < attribute.size && bytes[attribute.at + size] !== 0) {
      size++;
    }
    this.at = attribute.at;
    this.size = size;
  }

  /** Whether it is this text. Allocates nothing where both are ASCII. */
  is(bytes: Uint8Array, text: string): boolean {
    bytesGiven('Span.is: bytes', bytes);
    textGiven('Span.is: text', text);
    return isText(bytes, this.at, this.size, text);
  }

  text(bytes: Uint8Array): string {
    return decodeText(bytesGiven('Span.text: bytes', bytes), this.at, this.size);
  }
}

/** Whether `text` is what `decodeText` of `@ifdepd/libc` makes of the bytes; allocates nothing where both are ASCII. */
export function isText(bytes: Uint8Array, at: number, length: number, text: string): boolean {
  for (let i = 0; i < length; i++) {
    const byte = bytes[at + i] as number;
    if (byte >= 0x80) {
      return decodeText(bytes, at, length) === text;
    }
    if (text.charCodeAt(i) !== byte) {
      return false;
    }
  }
  return text.length === length;
}
