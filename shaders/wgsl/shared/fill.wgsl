// What a walk is of, and where an entry of the fill lies: in the chunk that its number's
// upper bits name. `fill_load` and `fill_store` are written by the host, for as many
// chunks as there are.

struct Walk {
    challenge_low: vec4<u32>,
    challenge_high: vec4<u32>,
    key_low: vec4<u32>,
    key_high: vec4<u32>,
    rounds: u32,
    hops: u32,
    pages: u32,
    page_bits: u32,
    chunk_bits: u32,
}

struct Parameters {
    first: u32,
    count: u32,
}

@group(0) @binding(0) var<storage, read> walk: Walk;
@group(0) @binding(1) var<storage, read_write> marks: array<u32>;
var<immediate> parameters: Parameters;

const WORKGROUP = 64u;

fn fill_chunk(number: u32) -> u32 {
    return number >> walk.chunk_bits;
}

// The first of the entry's eight rows in its chunk.
fn fill_row(number: u32) -> u32 {
    return (number & ((1u << walk.chunk_bits) - 1u)) * 8u;
}
