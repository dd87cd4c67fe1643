// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the call costs, measured.

#![cfg(feature = "runtime-benchmarks")]

use super::*;
use frame_benchmarking::v2::*;
use frame_support::traits::{EnsureOrigin, Get};

#[benchmarks]
mod benches {
    use super::*;

    /// Every set costs the same: all are read to be compared, one is written. The
    /// window's is the longest.
    #[benchmark]
    fn set() -> Result<(), BenchmarkError> {
        for stored in check::Values::stored().into_parameters() {
            let (key, value) =
                frame_support::traits::dynamic_params::AggregatedKeyValue::into_parts(stored);
            pallet_parameters::Parameters::<T>::set(key, value);
        }
        let mut parameters: WindowParameters = parameters::Window::get();
        parameters.work += 1;
        let origin = T::ParametersOrigin::try_successful_origin()
            .map_err(|()| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, parameters.clone().into());

        assert_eq!(parameters::Window::get(), parameters);
        Ok(())
    }
}
