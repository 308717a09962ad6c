/** Each over the mean of those that anybody took; what nobody took is taken to be as popular as the least of these. */
export function relativePopularity(popularity: Float32Array): Float32Array {
  const taken = popularity.filter((value) => value > 0);
  const mean = taken.reduce((sum, value) => sum + value, 0) / Math.max(1, taken.length);
  const least = taken.reduce((a, b) => Math.min(a, b), mean);
  return popularity.map((value) => (mean > 0 ? Math.max(value, least) / mean : 1));
}
