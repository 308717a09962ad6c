/** Files by content: an artifact's name is the SHA-256 of its bytes, in lower-case hex. */
export interface Artifacts {
  /** Written beside, synced, then renamed: a name that exists is whole. Returns the hash. */
  put(bytes: Uint8Array): Promise<string>;
  /** @throws ArtifactMissing | ArtifactDamaged when its bytes do not give that hash. */
  get(hash: string): Promise<Uint8Array>;
  delete(hash: string): Promise<void>;
}
