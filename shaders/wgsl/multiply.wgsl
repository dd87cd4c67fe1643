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

// Laid out by `generate`; a vector is four neighbouring rows (columns of B).
@group(0) @binding(0) var<storage, read> a: array<vec4<u32>>;
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

    // This thread loads one vector of A and one of B for each DEPTH of k.
    let load_step = thread / VECTORS;
    let load_vector = thread % VECTORS;
    let a_stride = parameters.m / 4u;
    let b_stride = parameters.n / 4u;
    var a_place = load_step * a_stride + block_row * VECTORS + load_vector;
    var b_place = load_step * b_stride + block_column * VECTORS + load_vector;
    let store = load_step * 2u * VECTORS + (load_vector & 1u) * SIDE + (load_vector >> 1u);

    var sums: array<vec4<f32>, 16>;
    var a_next = a[a_place];
    var b_next = b[b_place];
    let steps = parameters.k / DEPTH;
    for (var step = 0u; step < steps; step++) {
        let a_pair = product_unpack(a_next);
        let b_pair = product_unpack(b_next);
        a_tile[store] = a_pair[0];
        a_tile[store + VECTORS] = a_pair[1];
        b_tile[store] = b_pair[0];
        b_tile[store + VECTORS] = b_pair[1];
        workgroupBarrier();
        if step + 1u < steps {
            a_place += 8u * a_stride;
            b_place += 8u * b_stride;
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
