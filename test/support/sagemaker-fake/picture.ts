/** Red, green and blue of each pixel, line by line. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

const bytesOf = (text: string): Uint8Array => Buffer.from(text);
const NUMBERS = Array.from({ length: 256 }, (_number, value) => bytesOf(String(value)));
const [FIRST_LINE, NEXT_LINE, FIRST_PIXEL, NEXT_PIXEL, COMMA, END] = ['[[', '], [', '[', ', [', ', ', ']'].map(bytesOf);

/** Something like a photograph: slow colours, a texture, and edges. Another seed is another picture. */
export function paintedPicture(width: number, height: number, seed = 1): Picture {
  const pixels = new Uint8ClampedArray(width * height * 3);
  const { sin, cos } = Math;
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const inside = (x - width / 2) ** 2 + (y - height / 3) ** 2 < (Math.min(width, height) / 4) ** 2;
      const texture = 12 * sin((x + seed) / 3) * cos(y / 5);
      pixels[at++] = (inside ? 220 : 40) + 60 * x / width + texture;
      pixels[at++] = 90 + 100 * y / height + texture / 2 + seed;
      pixels[at++] = (inside ? 60 : 160) + 40 * sin((x + y) / 40);
    }
  }
  return { width, height, pixels: new Uint8Array(pixels.buffer) };
}

export function blackPicture(width: number, height: number): Picture {
  return { width, height, pixels: new Uint8Array(width * height * 3) };
}

/** As Python's `json.dumps` writes the nested lists of an array: lines of pixels of three numbers. */
export function nestedLists({ width, height, pixels }: Picture): Buffer {
  const text = Buffer.allocUnsafe(height * (width * '[255, 255, 255], '.length + '[], '.length) + '[]'.length);
  let at = 0;
  // Byte by byte: the two million calls of `write` for a large picture take jest ten seconds.
  const add = (bytes: Uint8Array) => { for (let index = 0; index < bytes.length; index += 1) text[at++] = bytes[index]; };
  add(FIRST_LINE);
  for (let y = 0, value = 0; y < height; y += 1) {
    if (y > 0) add(NEXT_LINE);
    for (let x = 0; x < width; x += 1) {
      add(x === 0 ? FIRST_PIXEL : NEXT_PIXEL);
      add(NUMBERS[pixels[value++]]);
      add(COMMA);
      add(NUMBERS[pixels[value++]]);
      add(COMMA);
      add(NUMBERS[pixels[value++]]);
      add(END);
    }
  }
  add(END);
  add(END);
  return text.subarray(0, at);
}

/** How like two pictures are, in decibels; Infinity when they are the same. */
export function peakSignalToNoise(one: Uint8Array, other: Uint8Array): number {
  if (one.length !== other.length) throw new RangeError(`${one.length} and ${other.length} values are not of the same picture`);
  let squares = 0;
  for (let at = 0; at < one.length; at += 1) squares += (one[at] - other[at]) ** 2;
  return 10 * Math.log10(255 ** 2 / (squares / one.length));
}
