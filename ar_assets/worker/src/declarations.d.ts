declare module '*.wasm' {
  const bytes: Uint8Array;
  export default bytes;
}

declare module 'draco3dgltf/draco_decoder_gltf_nodejs.js' {
  const createDecoderModule: (options: { wasmBinary: Uint8Array }) => Promise<unknown>;
  export default createDecoderModule;
}

declare module 'gltf-validator' {
  export interface Message {
    code: string;
    message: string;
    severity: number;
    pointer?: string;
  }
  export interface Report {
    issues: { numErrors: number; numWarnings: number; numInfos: number; numHints: number; messages: Message[] };
    info?: Record<string, unknown>;
  }
  export function validateBytes(
    bytes: Uint8Array,
    options: {
      format: 'glb';
      maxIssues: number;
      writeTimestamp: boolean;
      externalResourceFunction: (uri: string) => Promise<Uint8Array>;
    },
  ): Promise<Report>;
}
