// Multiplies A by B without barriers, ROWS x COLUMNS a thread in registers, and writes the folds: for CPU adapters.
// Generated: `src/kernel/direct.rs` writes the constants and, line by line, what `#expand` stands for.
#import xxhash32
#expand constants

struct Parameters {
    m: u32,
    n: u32,
    k: u32,
    // The first workgroup of this dispatch.
    first: u32,
}

// Laid out by `generate`: vector (k / 8) * m + i holds eight entries of row i.
@group(0) @binding(0) var<storage, read> a: array<vec4<u32>>;
// The same for the columns of B.
@group(0) @binding(1) var<storage, read> b: array<vec4<u32>>;
// 64 folds a tile of 64x64.
@group(0) @binding(2) var<storage, read_write> folds: array<u32>;
var<immediate> parameters: Parameters;

// A workgroup is ROWS rows and eight times COLUMNS columns: its threads share their
// rows, so that a CPU adapter loads those once for all lanes.
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let number = parameters.first + workgroup.x;
    let across = parameters.n / (8u * COLUMNS);
    let row = (number / across) * ROWS;
    let column = ((number % across) * 8u + thread) * COLUMNS;

#expand sums
    var a_place = row;
    var b_place = column;
    for (var group = 0u; group < parameters.k / 8u; group++) {
#expand step
        a_place += parameters.m;
        b_place += parameters.n;
    }
#expand folds
}

fn write_fold(row: u32, column: u32, rows: array<vec4<f32>, 16>) {
    let tile = (row / 64u) * (parameters.n / 64u) + column / 64u;
    folds[tile * 64u + ((row / 8u) % 8u) * 8u + (column / 8u) % 8u] = xxhash32_fold(rows);
}
