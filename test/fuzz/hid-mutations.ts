import type { Random } from './random.ts';

/** Items that move much: pages, sizes, counts, limits, pushes, arrays, ranges, collections. Tag and type without size. */
const items = [
  0x04, 0x14, 0x24, 0x34, 0x44, 0x54, 0x64, 0x74, 0x84, 0x94, 0xa4, 0xb4, 0x08, 0x18, 0x28, 0xa8, 0x80, 0x90, 0xb0,
  0xa0, 0xc0,
];
const extremes = [0, 1, 2, 8, 16, 31, 32, 33, 64, 127, 128, 255, 256, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0xffffffff];

/** A descriptor or report with one to six things wrong with it. Never longer than 70000 bytes. */
export function mangled(original: Uint8Array, others: readonly Uint8Array[], random: Random): Uint8Array {
  let bytes = [...original];
  const times = 1 + random.below(6);
  for (let time = 0; time < times; time += 1) bytes = random.one(mutations)(bytes, others, random);
  return Uint8Array.from(bytes.slice(0, 70_000));
}

type Mutation = (bytes: number[], others: readonly Uint8Array[], random: Random) => number[];

const mutations: readonly Mutation[] = [
  function flipBits(bytes, _others, random) {
    if (bytes.length === 0) return random.bytes(4);
    const at = random.below(bytes.length);
    return bytes.with(at, (bytes[at] as number) ^ (1 << random.below(8)));
  },
  function truncate(bytes, _others, random) {
    return bytes.slice(0, random.below(bytes.length + 1));
  },
  function cutOut(bytes, _others, random) {
    const at = random.below(bytes.length + 1);
    return bytes.toSpliced(at, random.below(12));
  },
  function insert(bytes, _others, random) {
    return bytes.toSpliced(random.below(bytes.length + 1), 0, ...random.bytes(1 + random.below(6)));
  },
  function insertItem(bytes, _others, random) {
    return bytes.toSpliced(random.below(bytes.length + 1), 0, ...item(random.one(items), random));
  },
  function splice(bytes, others, random) {
    const other = [...random.one(others)];
    return [...bytes.slice(0, random.below(bytes.length + 1)), ...other.slice(random.below(other.length + 1))];
  },
  function repeat(bytes, _others, random) {
    const at = random.below(bytes.length + 1);
    const part = bytes.slice(at, at + 1 + random.below(40));
    const copies = Array.from({ length: 1 + random.below(20) }, () => part).flat();
    return bytes.toSpliced(at, 0, ...copies);
  },
  function hugeCount(bytes, _others, random) {
    return bytes.toSpliced(random.below(bytes.length + 1), 0, ...item(random.one([0x74, 0x94]), random));
  },
];

function item(prefix: number, random: Random): number[] {
  const value = random.one(extremes);
  const size = value > 0xffff ? 4 : value > 0xff ? 2 : 1;
  const bytes = Array.from({ length: size }, (_none, index) => Math.floor(value / 256 ** index) % 256);
  return [prefix | (size === 4 ? 3 : size), ...bytes];
}
