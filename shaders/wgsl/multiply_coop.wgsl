// Multiplies A by B on cooperative matrices through workgroup memory and writes the folds: for tensor cores.
// Generated: `src/kernel/coop.rs` writes the constants and, line by line, what `#expand` stands for.
enable f16;
enable wgpu_cooperative_matrix;
#import xxhash32
#expand constants

struct Parameters {
    m: u32,
    n: u32,
    k: u32,
    // The first workgroup of this dispatch.
    first: u32,
}

// Laid out by `generate`: vectors 2 * ((k / 8) * m + i) and the next hold eight
// entries of row i.
@group(0) @binding(0) var<storage, read> a: array<vec4<f16>>;
// The same for the columns of B.
@group(0) @binding(1) var<storage, read> b: array<vec4<f16>>;
// 64 folds a tile of 64x64.
@group(0) @binding(2) var<storage, read_write> folds: array<u32>;
var<immediate> parameters: Parameters;

// DEPTH entries of each row, and of each column, of the workgroup's tile. Lines are
// padded by 16 bytes, so that neighbouring ones start in other banks.
var<workgroup> a_tile: array<vec4<f16>, ROWS * STRIDE>;
var<workgroup> b_tile: array<vec4<f16>, COLUMNS * STRIDE>;
// Some fragments of each subgroup, for folding: no thread can read a fragment's entries.
var<workgroup> finished: array<f32, FINISHED>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    // Neighbouring workgroups form bands, so that they share rows and columns in the cache.
    let across = parameters.n / COLUMNS;
    let down = min(8u, parameters.m / ROWS);
    let number = parameters.first + workgroup.x;
    let within = number % (down * across);
    let top = ((number / (down * across)) * down + within % down) * ROWS;
    let left = (within / down) * COLUMNS;

    let subgroup = thread / SUBGROUP;
    let subgroup_row = subgroup / SUBGROUPS_ACROSS;
    let subgroup_column = subgroup % SUBGROUPS_ACROSS;

#expand sums
#expand places
    let steps = parameters.k / DEPTH;
    for (var step = 0u; step < steps; step++) {
#expand store
        workgroupBarrier();
        if step + 1u < steps {
#expand fetch
        }
#expand step
        workgroupBarrier();
    }
#expand folds
}

// Folds the sub-tiles of the fragments that the subgroup has just stored, of which
// number `first_fragment` is the first.
fn fold_finished(first_fragment: u32, top: u32, left: u32, thread: u32) {
    let subgroup = thread / SUBGROUP;
    for (var number = thread % SUBGROUP; number < FRAGMENTS_STORED * SUB_TILES; number += SUBGROUP) {
        let slot = number / SUB_TILES;
        let sub_row = (number % SUB_TILES) / SUB_SIDE;
        let sub_column = number % SUB_SIDE;
        let start = ((subgroup * FRAGMENTS_STORED + slot) * SIZE + sub_row * 8u) * SIZE + sub_column * 8u;
        var rows: array<vec4<f32>, 16>;
        for (var vector = 0u; vector < 16u; vector++) {
            let place = start + (vector >> 1u) * SIZE + (vector & 1u) * 4u;
            rows[vector] = vec4(finished[place], finished[place + 1u], finished[place + 2u], finished[place + 3u]);
        }
        let fragment = first_fragment + slot;
        let fragment_row = (subgroup / SUBGROUPS_ACROSS) * FRAGMENTS_DOWN + fragment / FRAGMENTS_ACROSS;
        let fragment_column = (subgroup % SUBGROUPS_ACROSS) * FRAGMENTS_ACROSS + fragment % FRAGMENTS_ACROSS;
        let row = top / 8u + fragment_row * SUB_SIDE + sub_row;
        let column = left / 8u + fragment_column * SUB_SIDE + sub_column;
        let tile = (row / 8u) * (parameters.n / 64u) + column / 8u;
        folds[tile * 64u + (row % 8u) * 8u + column % 8u] = xxhash32_fold(rows);
    }
}
