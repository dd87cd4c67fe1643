// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! GPUs that fail, each in its way.

use std::thread;

use ni_worker::miner::{
    memory::{Load, Memory},
    pace::Pace,
    prover::{EngineProver, Prover, ProverError},
};
use proof_of_gpu_primitives::{
    Hash, Opening, Workload,
    prover::{CpuEngine, Proof},
};

/// What befalls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// Nothing.
    Sound,
    /// Its driver never answers.
    Hangs,
    /// The device is lost at the first round.
    LostAtWork,
    /// The device is lost between commit and reveal.
    LostAtReveal,
}

struct Fake {
    name: &'static str,
    fate: Fate,
    cpu: EngineProver<CpuEngine>,
}

/// A sound GPU, and one of each kind of unsound ones.
pub(crate) fn gpus() -> Vec<Box<dyn Prover>> {
    [
        ("sound", Fate::Sound),
        ("hanging", Fate::Hangs),
        ("lost at work", Fate::LostAtWork),
        ("lost at the reveal", Fate::LostAtReveal),
    ]
    .map(|(name, fate)| {
        let load = Load::percent(40);
        // As little of the time as other workers here take for it.
        let memory = Memory::host(load).limited(None, 5);
        let cpu = EngineProver::new(name, CpuEngine::new(), load).with_memory(memory);
        Box::new(Fake { name, fate, cpu }) as Box<dyn Prover>
    })
    .into()
}

impl Fake {
    fn lost(&self) -> ProverError {
        ProverError {
            device: self.name.to_owned(),
            cause: "device lost".to_owned(),
        }
    }
}

impl Prover for Fake {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn is_exact(&self) -> bool {
        true
    }

    fn memory(&self) -> Memory {
        self.cpu.memory()
    }

    fn prove(
        &mut self,
        challenge: &Hash,
        workload: &Workload,
        pace: &Pace,
    ) -> Result<Option<Proof>, ProverError> {
        match self.fate {
            Fate::Hangs => loop {
                thread::park();
            },
            Fate::LostAtWork => Err(self.lost()),
            Fate::Sound | Fate::LostAtReveal => self.cpu.prove(challenge, workload, pace),
        }
    }

    fn open(
        &mut self,
        proof: &Proof,
        sampling_beacon: &Hash,
        samples: u32,
    ) -> Result<Vec<Opening>, ProverError> {
        if self.fate == Fate::LostAtReveal {
            return Err(self.lost());
        }
        self.cpu.open(proof, sampling_beacon, samples)
    }
}
