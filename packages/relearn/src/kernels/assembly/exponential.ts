import { multiplyAdd } from './multiply-add';

/**
 * e^x in four lanes, x cut to ±87; relative error about 2e-7. 2^k · e^r with k = round(x / ln 2): a polynomial of degree 6 on ±ln 2 / 2. Source: Cody & Waite 1980.
 */
// @ts-ignore: decorator
@inline
export function exponential(x: v128): v128 {
  x = f32x4.max(f32x4.min(x, f32x4.splat(87)), f32x4.splat(-87));
  const k = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  let r = f32x4.sub(x, f32x4.mul(k, f32x4.splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(k, f32x4.splat(2.12194440e-4)));
  let sum = f32x4.splat(1.3888889e-3);
  sum = multiplyAdd(sum, r, f32x4.splat(8.3333333e-3));
  sum = multiplyAdd(sum, r, f32x4.splat(4.1666667e-2));
  sum = multiplyAdd(sum, r, f32x4.splat(1.6666667e-1));
  sum = multiplyAdd(sum, r, f32x4.splat(0.5));
  sum = multiplyAdd(sum, r, f32x4.splat(1));
  sum = multiplyAdd(sum, r, f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(k), i32x4.splat(127)), 23);
  return f32x4.mul(sum, power);
}

/** 1 / (1 + e^−x) in four lanes. */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exponential(f32x4.neg(x))));
}

// @ts-ignore: decorator
@inline
export function exponentialOf(x: f32): f32 {
  return f32x4.extract_lane(exponential(f32x4.splat(x)), 0);
}

/** log2 of a normal number above 0, error below 1e-9: exponent and mantissa apart, the mantissa by the series of atanh. */
export function logarithm2(x: f64): f64 {
  const bits = reinterpret<i64>(x);
  let exponent = <f64>((bits >> 52) - 1023);
  let mantissa = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (mantissa > 1.4142135623730951) {
    mantissa *= 0.5;
    exponent += 1;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let sum: f64 = 1.0 / 11;
  sum = sum * square + 1.0 / 9;
  sum = sum * square + 1.0 / 7;
  sum = sum * square + 0.2;
  sum = sum * square + 1.0 / 3;
  sum = sum * square + 1;
  return exponent + 2.8853900817779268 * s * sum;
}
