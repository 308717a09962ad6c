/*
 * What a round of tasks is told, at the places where `Team.run` writes it. A task of a round is a kernel `(task: i32): void`; it finds all else here.
 */

const INTEGERS: usize = 64;
const REALS: usize = 256;

// @ts-ignore: decorator
@inline
export function integer(place: i32): i32 {
  return load<i32>(INTEGERS + ((<usize>place) << 2));
}

// @ts-ignore: decorator
@inline
export function address(place: i32): usize {
  return <usize>load<u32>(INTEGERS + ((<usize>place) << 2));
}

// @ts-ignore: decorator
@inline
export function real(place: i32): f32 {
  return load<f32>(REALS + ((<usize>place) << 2));
}
