// desk-undefined.mjs: what C leaves undefined, in UndefinedBehaviorSanitizer's words.  Clang puts calls of
// its handlers into the student's code; for WebAssembly there are none, so the page has them.  Their data
// are where clang puts them: file, line, column, a type, and sometimes another; a type: its kind, its size
// and sign, its name.
const says = ({ short, word, string, long }) => {
  const typeOf = d => word(d + 12);
  const otherOf = d => word(d + 16);
  const name = type => string(type + 4);
  const signed = type => short(type + 2) & 1;
  // up to 32 bits are the value itself, more are where it points to
  const number = (type, v) => {
    const bits = short(type) ? 128 : 1 << (short(type + 2) >> 1);
    if (bits > 64) return 'a number';
    if (bits === 64) return long(v, signed(type));
    return signed(type) ? v | 0 : v >>> 0;
  };
  const overflow = sign => (d, a, b, type = typeOf(d)) =>
    `${signed(type) ? 'signed' : 'unsigned'} integer overflow: `
    + `${number(type, a)} ${sign} ${number(type, b)} cannot be represented in type ${name(type)}`;
  const does = ['load of', 'store to', 'reference binding to', 'member access within'];
  return {
    add_overflow: overflow('+'),
    sub_overflow: overflow('-'),
    mul_overflow: overflow('*'),
    negate_overflow: (d, a) =>
      `negation of ${number(typeOf(d), a)} cannot be represented in type ${name(typeOf(d))}`,
    divrem_overflow: (d, a, b) =>
      `${number(typeOf(d), b)}` !== '-1'
        ? 'division by zero'
        : `division of ${number(typeOf(d), a)} by -1 cannot be represented in type ${name(typeOf(d))}`,
    shift_out_of_bounds: (d, a, b) =>
      `shift of ${number(typeOf(d), a)} by ${number(otherOf(d), b)} places in type ${name(typeOf(d))}`,
    out_of_bounds: (d, a) => `index ${number(otherOf(d), a)} out of bounds for type ${name(typeOf(d))}`,
    load_invalid_value: (d, a) =>
      `load of value ${number(typeOf(d), a)}, which is not a valid value for type ${name(typeOf(d))}`,
    vla_bound_not_positive: (d, a) =>
      `variable length array bound evaluates to non-positive value ${number(typeOf(d), a)}`,
    pointer_overflow: (_, a) =>
      a ? 'pointer index expression overflowed' : 'applying an offset to a null pointer',
    builtin_unreachable: () => 'execution reached an unreachable program point',
    nonnull_arg: () => 'null pointer passed as an argument that must not be NULL',
    invalid_builtin: () => 'passing zero to a function that is not defined for it',
    type_mismatch_v1(d, at) {
      const [align, kind] = [short(d + 16) & 255, short(d + 16) >> 8];
      const what = does[kind] ?? does[0];
      const type = `type ${name(typeOf(d))}`;
      if (!at) return `${what} null pointer of ${type}`;
      if (at & (1 << align) - 1) return `${what} misaligned address for ${type}`;
      return `${what} address with insufficient space for an object of ${type}`;
    },
  };
};
const named = kind => `__ubsan_handle_${kind}`;
export const HANDLERS = Object.keys(says({})).map(named);
// memory gives the program's; end(sentence) has to throw
export function handlers(memory, end) {
  const view = () => new DataView(memory().buffer);
  const word = at => view().getUint32(at, true);
  const string = at => new TextDecoder().decode(memory().slice(at, memory().indexOf(0, at)));
  const long = (at, sign) => sign ? view().getBigInt64(at, true) : view().getBigUint64(at, true);
  const all = says({ word, string, long, short: at => view().getUint16(at, true) });
  return Object.fromEntries(
    Object.entries(all).map(([kind, say]) => [named(kind), (d, ...values) =>
      end(`${string(word(d))}:${word(d + 4)}:${word(d + 8)}: runtime error: ${say(d, ...values)}`)]
    ),
  );
}
