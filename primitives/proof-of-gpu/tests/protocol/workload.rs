// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The bounds of shapes.

use proof_of_gpu_primitives::{ParseWorkloadError, VerifyError, Workload};

#[test]
fn the_smallest_and_the_largest_shapes_are_allowed() {
    for (m, n, k) in [
        (64, 64, 64),
        (16_384, 16_384, 4_096),
        (16_384, 64, 4_096),
        (64, 16_384, 4_032),
        (1_024, 512, 192),
    ] {
        assert_eq!(Workload::new(m, n, k).validate(), Ok(()), "{m}x{n}x{k}");
    }
}

#[test]
fn shapes_beside_the_bounds_are_refused() {
    for (m, n, k, expected) in [
        (32, 64, 64, VerifyError::Rows),
        (0, 64, 64, VerifyError::Rows),
        (192, 64, 64, VerifyError::Rows),
        (32_768, 64, 64, VerifyError::Rows),
        (64, 32, 64, VerifyError::Columns),
        (64, 65, 64, VerifyError::Columns),
        (64, u32::MAX, 64, VerifyError::Columns),
        (64, 64, 0, VerifyError::Depth),
        (64, 64, 32, VerifyError::Depth),
        (64, 64, 100, VerifyError::Depth),
        (64, 64, 4_160, VerifyError::Depth),
    ] {
        assert_eq!(
            Workload::new(m, n, k).validate(),
            Err(expected),
            "{m}x{n}x{k}"
        );
    }
}

#[test]
fn tiles_and_operations_count_what_they_say() {
    let workload = Workload::new(128, 256, 192);
    assert_eq!(workload.tiles(), 8);
    assert_eq!(workload.operations(), 2 * 128 * 256 * 192);
    assert_eq!(Workload::new(16_384, 16_384, 4_096).tiles(), 65_536);
    assert_eq!(Workload::new(16_384, 16_384, 4_096).operations(), 1 << 41);
    let out_of_bounds = Workload::new(u32::MAX, u32::MAX, u32::MAX);
    assert_eq!(out_of_bounds.tiles(), 0);
    assert_eq!(out_of_bounds.operations(), 2 * u128::from(u32::MAX).pow(3));
}

#[test]
fn a_shape_is_written_and_read_as_three_numbers() {
    let workload = Workload::new(128, 256, 192);
    assert_eq!(workload.to_string(), "128x256x192");
    assert_eq!("128x256x192".parse(), Ok(workload));
    for text in [
        "",
        "128",
        "128x256",
        "128x256x192x64",
        "128x256x",
        "axbxc",
        "-1x64x64",
    ] {
        assert_eq!(
            text.parse::<Workload>(),
            Err(ParseWorkloadError::Form),
            "{text}"
        );
    }
    let refused = Err(ParseWorkloadError::Shape(VerifyError::Depth));
    assert_eq!("128x256x100".parse::<Workload>(), refused);
}
