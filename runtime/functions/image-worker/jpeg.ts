import encoder from '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm';
import encode, { init } from '@jsquash/jpeg/encode.js';
import type { Pixels } from './pixel-reader';
import { PLATFORMS } from '../../../src/contract/data';

const { quality } = PLATFORMS.imageGeneration.picture;

let started: Promise<void> | undefined;

/** A JPEG by MozJPEG in WebAssembly: the same on arm64 and x86. */
export async function jpegOf(pixels: Pixels): Promise<Uint8Array> {
  await (started ??= start());
  return new Uint8Array(await encode(pixels as unknown as Parameters<typeof encode>[0], { quality }));
}

/** With the bytes that are in this file: by itself the encoder would look for them beside it. */
async function start(): Promise<void> {
  const module = await WebAssembly.compile(encoder);
  await init(module as Parameters<typeof init>[0]);
}
