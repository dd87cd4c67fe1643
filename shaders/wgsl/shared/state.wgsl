// What a chain of rounds keeps on the GPU from one round to the next. Hashes
// are held as eight big-endian words.

struct State {
    challenge: array<u32, 8>,
    // The key of the round that is next.
    key: array<u32, 8>,
    // The number of that round.
    round: u32,
    // The mountain range over the rounds before it: the peak of height h is
    // there where bit h of `round` is set.
    peaks: array<array<u32, 8>, 31>,
}
