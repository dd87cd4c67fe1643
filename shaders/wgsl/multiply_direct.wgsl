// Multiplies A by B without barriers, an 8x8 sub-tile a thread, and writes its fold: for CPU adapters.
#import product
#import xxhash32

struct Parameters {
    m: u32,
    n: u32,
    k: u32,
    // The first 64x64 tile of this dispatch.
    first: u32,
}

// Laid out by `generate`; a vector is four neighbouring rows (columns of B).
@group(0) @binding(0) var<storage, read> a: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read> b: array<vec4<u32>>;
// 64 folds a tile of 64x64.
@group(0) @binding(2) var<storage, read_write> folds: array<u32>;
var<immediate> parameters: Parameters;

// A workgroup is one tile of 64x64.
@compute @workgroup_size(8, 8)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
    @builtin(local_invocation_index) sub_tile: u32,
) {
    let tile = parameters.first + workgroup.x;
    let across = parameters.n / 64u;
    let a_stride = parameters.m / 4u;
    let b_stride = parameters.n / 4u;
    var a_place = (tile / across) * 16u + local.y * 2u;
    var b_place = (tile % across) * 16u + local.x * 2u;

    var sums: array<vec4<f32>, 16>;
    for (var pair = 0u; pair < parameters.k / 2u; pair++) {
        let a_low = product_unpack(a[a_place]);
        let a_high = product_unpack(a[a_place + 1u]);
        let b_low = product_unpack(b[b_place]);
        let b_high = product_unpack(b[b_place + 1u]);
        product_add(&sums, a_low[0], a_high[0], b_low[0], b_high[0]);
        product_add(&sums, a_low[1], a_high[1], b_low[1], b_high[1]);
        a_place += a_stride;
        b_place += b_stride;
    }
    folds[tile * 64u + sub_tile] = xxhash32_fold(sums);
}
