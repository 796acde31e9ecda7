/** Red, green, blue and alpha of each pixel, line by line, as the encoder takes them. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
  /** The greatest value of any colour. */
  readonly brightest: number;
}

/** The answer of the model is not the picture that was asked for. */
export class UnreadablePictureError extends Error {
  public readonly name = 'ModelErrorException';

  public constructor(problem: string) {
    super(`The answer of the model is not the picture that was asked for: ${problem}.`);
  }
}

const [OPEN, CLOSE, COMMA, ZERO, NINE] = ['[', ']', ',', '0', '9'].map(sign => sign.charCodeAt(0));
const SPACES = new Set([' ', '\n', '\r', '\t'].map(sign => sign.charCodeAt(0)));
const NAMES = ['"generated_images"', '"generated_image"'];
const COLOURS = 3;
/** Of the colours: in lines, in pixels. */
const DEPTH = 3;

/**
 * The first picture of an answer: nested lists of lines, pixels and colours, which may be 20 MB. They are read byte by byte straight into
 * the pixels: as values of JavaScript they would take more than a hundred bytes each pixel.
 */
export function readPixels(answer: Uint8Array, width: number, height: number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  let depth = 0;
  let lines = 0;
  let pixels = 0;
  let colours = 0;
  let brightest = 0;
  for (let at = startOfPicture(answer); at < answer.length; at += 1) {
    const sign = answer[at];
    if (sign >= ZERO && sign <= NINE) {
      let value = sign - ZERO;
      while (answer[at + 1] >= ZERO && answer[at + 1] <= NINE && value <= 255) value = value * 10 + answer[++at] - ZERO;
      if (depth !== DEPTH || value > 255) throw new UnreadablePictureError(`an unexpected number in line ${lines}`);
      if (colours >= COLOURS || pixels >= width || lines >= height) throw new UnreadablePictureError('it is larger');
      data[(lines * width + pixels) * 4 + colours] = value;
      brightest = Math.max(brightest, value);
      colours += 1;
    } else if (sign === OPEN) {
      depth += 1;
      if (depth > DEPTH) throw new UnreadablePictureError('its lists are nested too deeply');
    } else if (sign === CLOSE) {
      depth -= 1;
      if (depth === 2) {
        if (colours !== COLOURS) throw new UnreadablePictureError(`a pixel of ${colours} colours`);
        pixels += 1;
        colours = 0;
      } else if (depth === 1) {
        if (pixels !== width) throw new UnreadablePictureError(`a line of ${pixels} pixels, not ${width}`);
        lines += 1;
        pixels = 0;
      } else {
        break;
      }
    } else if (sign !== COMMA && !SPACES.has(sign)) {
      throw new UnreadablePictureError('something between its numbers');
    }
  }
  if (depth !== 0) throw new UnreadablePictureError('it is cut off');
  if (lines !== height) throw new UnreadablePictureError(`${lines} lines, not ${height}`);
  return { width, height, data, brightest };
}

/** Where the lists of the first picture begin: after the name, and in a list of pictures inside of that list. */
function startOfPicture(answer: Uint8Array): number {
  const bytes = Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength);
  for (const name of NAMES) {
    const found = bytes.indexOf(name);
    if (found < 0) continue;
    const start = bytes.indexOf(OPEN, found + name.length);
    if (start < 0) continue;
    return name === NAMES[0] ? bytes.indexOf(OPEN, start + 1) : start;
  }
  throw new UnreadablePictureError('it holds no generated image');
}
