// One step of an 8x8 product held in registers.

// Adds the outer product of eight entries of A and eight of B. Every partial
// sum is a whole number below 2^24, so f32 rounds nothing, fused or not.
fn product_add(
    sums: ptr<function, array<vec4<f32>, 16>>,
    a_low: vec4<f32>, a_high: vec4<f32>, b_low: vec4<f32>, b_high: vec4<f32>,
) {
    (*sums)[0] = fma(vec4(a_low.x), b_low, (*sums)[0]);
    (*sums)[1] = fma(vec4(a_low.x), b_high, (*sums)[1]);
    (*sums)[2] = fma(vec4(a_low.y), b_low, (*sums)[2]);
    (*sums)[3] = fma(vec4(a_low.y), b_high, (*sums)[3]);
    (*sums)[4] = fma(vec4(a_low.z), b_low, (*sums)[4]);
    (*sums)[5] = fma(vec4(a_low.z), b_high, (*sums)[5]);
    (*sums)[6] = fma(vec4(a_low.w), b_low, (*sums)[6]);
    (*sums)[7] = fma(vec4(a_low.w), b_high, (*sums)[7]);
    (*sums)[8] = fma(vec4(a_high.x), b_low, (*sums)[8]);
    (*sums)[9] = fma(vec4(a_high.x), b_high, (*sums)[9]);
    (*sums)[10] = fma(vec4(a_high.y), b_low, (*sums)[10]);
    (*sums)[11] = fma(vec4(a_high.y), b_high, (*sums)[11]);
    (*sums)[12] = fma(vec4(a_high.z), b_low, (*sums)[12]);
    (*sums)[13] = fma(vec4(a_high.z), b_high, (*sums)[13]);
    (*sums)[14] = fma(vec4(a_high.w), b_low, (*sums)[14]);
    (*sums)[15] = fma(vec4(a_high.w), b_high, (*sums)[15]);
}
