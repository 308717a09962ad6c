/** A JSON Web Key Set (RFC 7517): public keys, each with a `kid`. */
export interface KeySet {
  readonly keys: readonly PublicKey[];
}

export interface PublicKey {
  readonly kid: string;
  readonly kty: string;
  readonly alg?: string;
  readonly [member: string]: unknown;
}
