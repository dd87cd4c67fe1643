// Reduces up to 256 neighbouring nodes a workgroup to the root of their binary tree.
#import sha256

struct Parameters {
    // Where the nodes to reduce start, and where their roots go.
    source: u32,
    destination: u32,
    // Nodes a workgroup: a power of two from 2 to 256.
    count: u32,
}

@group(0) @binding(0) var<storage, read_write> nodes: array<Hash>;
var<immediate> parameters: Parameters;

const WORKGROUP = 128u;
const NODE = 0x4e4f4445u;

var<workgroup> level: array<Hash, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    var left = parameters.count / 2u;
    if thread < left {
        let pair = parameters.source + workgroup.x * parameters.count + thread * 2u;
        level[thread] = sha256_node(NODE, nodes[pair], nodes[pair + 1u]);
    }
    workgroupBarrier();
    while left > 1u {
        left /= 2u;
        var parent: Hash;
        if thread < left {
            parent = sha256_node(NODE, level[thread * 2u], level[thread * 2u + 1u]);
        }
        workgroupBarrier();
        if thread < left {
            level[thread] = parent;
        }
        workgroupBarrier();
    }
    if thread == 0u {
        nodes[parameters.destination + workgroup.x] = level[0];
    }
}
