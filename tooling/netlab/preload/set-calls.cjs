'use strict';
// Which calls of a daemon set an interface, for what is loaded before its first line.
const koffi = require('koffi');

/** linux/sockios.h */
const SIOCSIFFLAGS = 0x8914;
/** linux/rtnetlink.h: a change of protodown. */
const RTM_SETLINK = 19;

/** Whether a call sets an interface, by its symbol. */
const SETS = {
  ioctl: (words) => Number(words[1]) === SIOCSIFFLAGS,
  sendto: (words) => words[1] instanceof Uint8Array && (words[1][4] | (words[1][5] << 8)) === RTM_SETLINK,
};

/**
 * From now on the program gets these calls wrapped.
 *
 * @param wrap called with the call and its arguments for each that sets an interface; returns its answer
 */
exports.aroundSets = (wrap) => {
  const { load } = koffi;
  koffi.load = (...words) => {
    const library = load(...words);
    return {
      symbol: (...names) => library.symbol(...names),
      func(symbol, ...rest) {
        const call = library.func(symbol, ...rest);
        const isSet = SETS[symbol];
        return isSet === undefined ? call : (...given) => (isSet(given) ? wrap(call, given) : call(...given));
      },
    };
  };
};
