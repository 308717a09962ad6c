export type { Artifacts } from './artifacts.ts';
export { ArtifactDamaged, ArtifactMissing, openFolderArtifacts } from './folder-artifacts.ts';
