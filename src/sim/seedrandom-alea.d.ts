// The package's types cover only its main file, which pulls in Node modules; this is the generator alone.
declare module 'seedrandom/lib/alea.js' {
  /** Answers a generator of numbers in [0, 1) with a resolution of 2^-32. */
  export default function alea(seed: string): () => number;
}
