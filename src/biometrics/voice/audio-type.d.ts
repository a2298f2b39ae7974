/** The package ships no types. */
declare module 'audio-type' {
  /** Container or codec by the first bytes. */
  export default function audioType(bytes: Uint8Array): string | undefined;
}
