// ChaCha8 in the IETF layout: one block of keystream as four rows of words.

fn rotate_left(rows: vec4<u32>, bits: u32) -> vec4<u32> {
    return (rows << vec4(bits)) | (rows >> vec4(32u - bits));
}

fn chacha8_block(key_low: vec4<u32>, key_high: vec4<u32>, counter: u32, nonce: vec3<u32>) -> array<vec4<u32>, 4> {
    let constants = vec4(0x61707865u, 0x3320646eu, 0x79622d32u, 0x6b206574u);
    let position = vec4(counter, nonce);
    var a = constants;
    var b = key_low;
    var c = key_high;
    var d = position;
    for (var double_round = 0u; double_round < 4u; double_round++) {
        a += b; d = rotate_left(d ^ a, 16u);
        c += d; b = rotate_left(b ^ c, 12u);
        a += b; d = rotate_left(d ^ a, 8u);
        c += d; b = rotate_left(b ^ c, 7u);
        b = b.yzwx; c = c.zwxy; d = d.wxyz;
        a += b; d = rotate_left(d ^ a, 16u);
        c += d; b = rotate_left(b ^ c, 12u);
        a += b; d = rotate_left(d ^ a, 8u);
        c += d; b = rotate_left(b ^ c, 7u);
        b = b.wxyz; c = c.zwxy; d = d.yzwx;
    }
    return array(a + constants, b + key_low, c + key_high, d + position);
}
