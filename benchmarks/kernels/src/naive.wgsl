// The baseline: the naive barrier-free f32 kernel with 8x8 per thread. Rows of A and
// columns of B lie one after the other, one f32 an entry.

struct Parameters {
    m: u32,
    n: u32,
    k: u32,
}

@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
// The sum of each 8x8 block of C, so that no entry can be left out.
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;
var<immediate> parameters: Parameters;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let row = id.y * 8u;
    let column = id.x * 8u;
    var c: array<f32, 64>;
    for (var k = 0u; k < parameters.k; k++) {
        var left: array<f32, 8>;
        var right: array<f32, 8>;
        for (var i = 0u; i < 8u; i++) {
            left[i] = a[(row + i) * parameters.k + k];
            right[i] = b[(column + i) * parameters.k + k];
        }
        for (var i = 0u; i < 8u; i++) {
            for (var j = 0u; j < 8u; j++) {
                c[i * 8u + j] += left[i] * right[j];
            }
        }
    }
    var sum = 0.0;
    for (var i = 0u; i < 8u; i++) {
        for (var j = 0u; j < 8u; j++) {
            sum += c[i * 8u + j];
        }
    }
    sums[id.y * (parameters.n / 8u) + id.x] = sum;
}
