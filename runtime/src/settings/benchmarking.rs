// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Benchmarks of the settings' calls: each checks and replaces one value.

#![cfg(feature = "runtime-benchmarks")]

use super::*;
use frame_benchmarking::v2::*;
use frame_support::traits::Get;
use frame_system::RawOrigin;

#[benchmarks]
mod benches {
    use super::*;

    #[benchmark]
    fn set_window() {
        let mut parameters: WindowParameters = defaults::Window::get();
        parameters.work = 11;
        Window::<T>::put(<defaults::Window as Get<WindowParameters>>::get());
        Registration::<T>::put(<defaults::Registration as Get<RegistrationParameters>>::get());

        #[extrinsic_call]
        _(RawOrigin::Root, parameters.clone());

        assert_eq!(Window::<T>::get(), parameters);
    }

    #[benchmark]
    fn set_registration() {
        let mut parameters: RegistrationParameters = defaults::Registration::get();
        parameters.bond += 1;
        Window::<T>::put(<defaults::Window as Get<WindowParameters>>::get());

        #[extrinsic_call]
        _(RawOrigin::Root, parameters);

        assert_eq!(Registration::<T>::get(), parameters);
    }

    #[benchmark]
    fn set_emission() {
        let mut parameters: EmissionParameters = defaults::Emission::get();
        parameters.base += 1;

        #[extrinsic_call]
        _(RawOrigin::Root, parameters);

        assert_eq!(Emission::<T>::get(), parameters);
    }
}
