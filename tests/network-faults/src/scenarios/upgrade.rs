// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! New code, decided on by the validators' owners and enacted in the middle of a
//! window. No call needs Root: a referendum on the track for upgrades authorises the
//! hash of the code, and then anybody may bring it.

use std::{env, fs, path::PathBuf};

use anyhow::{Context, ensure};
use ni_client::{
    Chain, Included,
    calls::{self, Side},
    events::Event,
    keys,
};
use sp_core::{Blake2Hasher, Hasher as _};
use sp_maybe_compressed_blob::{CODE_BLOB_BOMB_LIMIT, compress_strongly};
use subxt::{
    dynamic,
    ext::{
        scale_decode::DecodeAsType,
        scale_encode::{EncodeAsFields, EncodeAsType},
        scale_value::{Composite, Value},
    },
    transactions::DynamicPayload,
};

use super::{Outcome, completed};
use crate::{
    lab::{Lab, PATIENCE, WITNESS, until},
    spec::{AUTHORITIES, GRACE, WORK},
};

/// Names the code of the same runtime, one version later.
const CODE: &str = "NI_NEXT_RUNTIME";

/// Who proposes, whose vote decides with the others', and who brings the code.
const VOTERS: [&str; 3] = ["//Alice//stash", "//Bob//stash", "//Charlie//stash"];

pub(super) async fn run(lab: &mut Lab) -> anyhow::Result<Outcome> {
    let Some(path) = env::var_os(CODE).map(PathBuf::from) else {
        return Ok(Outcome::Skipped(format!(
            "no code to upgrade to: `tests/network-faults/next-runtime` builds it, and {CODE} \
             names it"
        )));
    };
    let wasm = fs::read(&path).with_context(|| path.display().to_string())?;
    let code = compress_strongly(&wasm, CODE_BLOB_BOMB_LIMIT)
        .with_context(|| format!("{} is no code", path.display()))?;
    let size = code.len();
    let chain = Chain::connect(lab.network.url(WITNESS)).await?;
    let before = chain.best().await?.runtime_version();
    let (poll, hash) = propose(&chain, &code).await?;
    until("authorisation of the code", 2 * PATIENCE, async || {
        let best = chain.best().await?;
        let authorized: Option<Authorized> = best.read("System", "AuthorizedUpgrade", ()).await?;
        let hashes = authorized.map(|authorized| authorized.code_hash);
        Ok(hashes.filter(|found| *found == hash).map(|_| ()))
    })
    .await?;
    // In the middle of a window, with the commits made and the reveals to come: each
    // node translates the new code, for which a CPU that all share leaves the work.
    let (window, opened) = lab.opening().await?;
    lab.all_work_on(window).await?;
    lab.all_reach(&[WITNESS], opened + WORK + GRACE).await?;
    let bring = dynamic::transaction("System", "apply_authorized_upgrade", Bring { code });
    let brought = signed(&chain, &bring, VOTERS[0]).await?;
    let enacted_at = chain.at(brought.block).await?.number();
    completed(lab, window).await?;
    let (next, _) = lab.opening().await?;
    completed(lab, next).await?;
    lab.paid(next).await?;
    let (now, _) = lab.best(WITNESS).await?;
    lab.all_final(&[0, 1, 2, 3], now).await?;
    for (authority, chain) in AUTHORITIES.iter().zip(&lab.chains) {
        let version = chain.finalized().await?.runtime_version();
        ensure!(
            version == before + 1,
            "{} runs version {version}, the chain had {before}",
            authority.name
        );
    }
    for worker in &lab.workers {
        ensure!(
            worker.said("the chain's runtime was upgraded") > 0,
            "{} did not notice the upgrade",
            worker.miner().name
        );
    }
    Ok(Outcome::Held(vec![
        format!(
            "Referendum {poll} authorised {size} bytes of code; brought in block {enacted_at}, {} \
             blocks into window {window}. All four run version {}, it was {before}.",
            enacted_at.saturating_sub(opened),
            before + 1
        ),
        format!(
            "Both workers said that the runtime was upgraded, and were credited in window \
             {window} and in window {next}, and paid."
        ),
    ]))
}

/// Proposes that this code be authorised, and votes for it. The referendum's number,
/// and the code's hash.
async fn propose(chain: &Chain, code: &[u8]) -> anyhow::Result<(u32, [u8; 32])> {
    let hash = Blake2Hasher::hash(code).0;
    let authorize = call(
        "Governance",
        "authorize_upgrade",
        [("code_hash", Value::from_bytes(hash))],
    );
    let bytes = chain.best().await?.encode_call(&authorize)?;
    let length = bytes.len();
    let noted = signed(chain, &calls::note_preimage(bytes), VOTERS[0]).await?;
    let proposal = noted
        .events
        .iter()
        .find_map(|event| match event {
            Event::Noted { hash } => Some(*hash),
            _ => None,
        })
        .context("no event of the proposal's hash")?;
    let origin = Value::unnamed_variant("Governance", [Value::unnamed_variant("Upgrade", [])]);
    let proposal = Value::named_variant(
        "Lookup",
        [
            ("hash", Value::from_bytes(proposal)),
            ("len", Value::u128(length as u128)),
        ],
    );
    let moment = Value::unnamed_variant("After", [Value::u128(1)]);
    let submit = call(
        "Referenda",
        "submit",
        [
            ("proposal_origin", origin),
            ("proposal", proposal),
            ("enactment_moment", moment),
        ],
    );
    let submitted = signed(chain, &submit, VOTERS[0]).await?;
    let poll = submitted
        .events
        .iter()
        .find_map(|event| match event {
            Event::Submitted { index } => Some(*index),
            _ => None,
        })
        .context("no event of the referendum")?;
    signed(chain, &calls::place_decision_deposit(poll), VOTERS[0]).await?;
    for voter in VOTERS {
        signed(chain, &calls::vote(poll, Side::Aye), voter).await?;
    }
    Ok((poll, hash))
}

/// What the chain keeps of code that was authorised.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct Authorized {
    code_hash: [u8; 32],
}

/// Fields of `System.apply_authorized_upgrade`.
#[derive(EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
struct Bring {
    code: Vec<u8>,
}

fn call<const FIELDS: usize>(
    pallet: &str,
    name: &str,
    fields: [(&str, Value<()>); FIELDS],
) -> DynamicPayload<Composite<()>> {
    dynamic::transaction(pallet, name, Composite::named(fields))
}

async fn signed<Fields: EncodeAsFields>(
    chain: &Chain,
    call: &DynamicPayload<Fields>,
    by: &str,
) -> anyhow::Result<Included> {
    let name = format!("{}.{}", call.pallet_name(), call.call_name());
    chain
        .call(call, &keys::development(by)?)
        .await
        .with_context(|| format!("{name} by {by}"))
}
