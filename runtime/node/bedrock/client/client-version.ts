/** Replaced by the version of the package when the layer is bundled. */
declare const PLUMBLINE_VERSION: string | undefined;

/** What `bedrock_client_version` tells of each call. */
export const BEDROCK_CLIENT_VERSION: string = typeof PLUMBLINE_VERSION === 'undefined' ? '0.0.0' : PLUMBLINE_VERSION;
