// Computes entries of the fill from their numbers, one a thread.
#import cubehash
#import fill

const FILL = 0x4c4c4946u;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= parameters.count {
        return;
    }
    let number = parameters.first + id.x;
    let seed = cubehash_seeded(walk.challenge_low, walk.challenge_high, number, FILL);
    fill_store(fill_chunk(number), fill_row(number), cubehash(seed, walk.rounds));
}
