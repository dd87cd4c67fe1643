// Multiplies A by B in 128x128 tiles through workgroup memory and writes the fold of every 8x8 sub-tile.
#import product
#import xxhash32

struct Parameters {
    m: u32,
    n: u32,
    k: u32,
    // The first 128x128 tile of this dispatch.
    first: u32,
}

// Laid out by `generate`: vector (k / 8) * m + i holds eight entries of row i.
@group(0) @binding(0) var<storage, read> a: array<vec4<u32>>;
// The same for the columns of B.
@group(0) @binding(1) var<storage, read> b: array<vec4<u32>>;
// 64 folds a tile of 64x64.
@group(0) @binding(2) var<storage, read_write> folds: array<u32>;
var<immediate> parameters: Parameters;

// Threads along a side of the workgroup; each holds one sub-tile.
const SIDE = 16u;
// Vectors along a side of the workgroup's tile.
const VECTORS = 32u;
// Steps of k between barriers.
const DEPTH = 16u;

// For each step the rows' first vectors, thread by thread, then their second
// ones, so that neighbouring threads read neighbouring vectors.
var<workgroup> a_tile: array<vec4<f32>, 512>;
var<workgroup> b_tile: array<vec4<f32>, 512>;

@compute @workgroup_size(SIDE, SIDE)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
    @builtin(local_invocation_index) thread: u32,
) {
    // Neighbouring workgroups form squares, so that they share rows and columns in the cache.
    let across = parameters.n / 128u;
    let down = min(8u, parameters.m / 128u);
    let number = parameters.first + workgroup.x;
    let band = number / (down * across);
    let within = number % (down * across);
    let block_row = band * down + within % down;
    let block_column = within / down;

    // This thread loads eight entries of one row of A and of one column of B for
    // each DEPTH of k.
    let line = thread % 128u;
    let group = thread / 128u;
    var a_place = group * parameters.m + block_row * 128u + line;
    var b_place = group * parameters.n + block_column * 128u + line;
    let store = group * 8u * VECTORS + ((line >> 2u) & 1u) * SIDE + (line >> 3u);
    let lane = line & 3u;

    var sums: array<vec4<f32>, 16>;
    var a_next = a[a_place];
    var b_next = b[b_place];
    let steps = parameters.k / DEPTH;
    for (var step = 0u; step < steps; step++) {
        for (var pair = 0u; pair < 4u; pair++) {
            let a_pair = unpack2x16float(a_next[pair]);
            let b_pair = unpack2x16float(b_next[pair]);
            let place = store + pair * 2u * VECTORS;
            a_tile[place][lane] = a_pair.x;
            a_tile[place + VECTORS][lane] = a_pair.y;
            b_tile[place][lane] = b_pair.x;
            b_tile[place + VECTORS][lane] = b_pair.y;
        }
        workgroupBarrier();
        if step + 1u < steps {
            a_place += 2u * parameters.m;
            b_place += 2u * parameters.n;
            a_next = a[a_place];
            b_next = b[b_place];
        }
        for (var depth = 0u; depth < DEPTH; depth++) {
            let row = depth * VECTORS;
            product_add(
                &sums,
                a_tile[row + local.y], a_tile[row + SIDE + local.y],
                b_tile[row + local.x], b_tile[row + SIDE + local.x],
            );
        }
        workgroupBarrier();
    }

    let row = block_row * SIDE + local.y;
    let column = block_column * SIDE + local.x;
    let tile = (row / 8u) * (parameters.n / 64u) + column / 8u;
    folds[tile * 64u + (row % 8u) * 8u + column % 8u] = xxhash32_fold(sums);
}
