// xxHash32 with seed 0 of an 8x8 block of whole numbers, row by row, each a
// little-endian i32: 16 stripes of four words.

const XXHASH32_PRIME1 = 0x9e3779b1u;
const XXHASH32_PRIME2 = 0x85ebca77u;
const XXHASH32_PRIME3 = 0xc2b2ae3du;

// `rows` holds the left and the right half of each of the eight rows; the
// values are whole and at most 2^24 in size, so the conversion is exact.
fn xxhash32_fold(rows: array<vec4<f32>, 16>) -> u32 {
    var stripes = rows;
    var lanes = vec4(XXHASH32_PRIME1 + XXHASH32_PRIME2, XXHASH32_PRIME2, 0u, 0u - XXHASH32_PRIME1);
    for (var stripe = 0u; stripe < 16u; stripe++) {
        lanes += bitcast<vec4<u32>>(vec4<i32>(stripes[stripe])) * XXHASH32_PRIME2;
        lanes = ((lanes << vec4(13u)) | (lanes >> vec4(19u))) * XXHASH32_PRIME1;
    }
    lanes = (lanes << vec4(1u, 7u, 12u, 18u)) | (lanes >> vec4(31u, 25u, 20u, 14u));
    var hash = lanes.x + lanes.y + lanes.z + lanes.w + 256u;
    hash = (hash ^ (hash >> 15u)) * XXHASH32_PRIME2;
    hash = (hash ^ (hash >> 13u)) * XXHASH32_PRIME3;
    return hash ^ (hash >> 16u);
}
