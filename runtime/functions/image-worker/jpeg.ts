import encoder from '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm';
import type { Pixels } from './pixel-reader';
import { PLATFORMS } from '../../../src/contract/data';

const { quality } = PLATFORMS.imageGeneration.picture;

type Encode = (pixels: Pixels) => Promise<Uint8Array>;

/** The types of Node.js do not name it. */
const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: { compile(bytes: Uint8Array): Promise<object> } };
let started: Promise<Encode> | undefined;

/** A JPEG by MozJPEG in WebAssembly: the same on arm64 and x86. */
export async function jpegOf(pixels: Pixels): Promise<Uint8Array> {
  const encode = await (started ??= start());
  return encode(pixels);
}

/** With the bytes that are in this file: by itself the encoder would look for them beside it. */
async function start(): Promise<Encode> {
  const { default: encode, init } = await import('@jsquash/jpeg/encode.js');
  await init(await wasm.compile(encoder));
  return async pixels => new Uint8Array(await encode(pixels as unknown as Parameters<typeof encode>[0], { quality }));
}
