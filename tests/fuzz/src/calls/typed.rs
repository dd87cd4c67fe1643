// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Calls made from an input by their types, so that every one decodes.

use std::sync::LazyLock;

use codec::{Compact, Encode};
use ni_runtime::RuntimeCall;
use scale_info::{
    Field, MetaType, PortableRegistry, Registry, TypeDef, TypeDefPrimitive, form::PortableForm,
};

use crate::Cursor;

/// Calls within calls, at most.
const DEPTH: u32 = 3;
/// Longest list of anything but bytes.
const LIST: u8 = 5;
/// Longest list of bytes.
const BYTES: u8 = 80;

struct Types {
    registry: PortableRegistry,
    call: u32,
}

static TYPES: LazyLock<Types> = LazyLock::new(|| {
    let mut registry = Registry::new();
    let call = registry.register_type(&MetaType::new::<RuntimeCall>()).id;
    Types {
        registry: registry.into(),
        call,
    }
});

/// A pallet's and a call's index: what an encoded call begins with.
pub(super) fn every_call() -> Vec<[u8; 2]> {
    let mut calls = Vec::new();
    for pallet in variants(TYPES.call) {
        for field in &pallet.fields {
            for call in variants(field.ty.id) {
                calls.push([pallet.index, call.index]);
            }
        }
    }
    calls
}

fn resolve(id: u32) -> &'static scale_info::Type<PortableForm> {
    TYPES.registry.resolve(id).expect("a registered type")
}

fn variants(id: u32) -> &'static [scale_info::Variant<PortableForm>] {
    match &resolve(id).type_def {
        TypeDef::Variant(enumeration) => &enumeration.variants,
        _ => &[],
    }
}

/// Writes a call, as the input chooses. `accounts` are those that its arguments name,
/// `hashes` the hashes.
pub(super) fn call(cursor: &mut Cursor<'_>, accounts: &[[u8; 32]], hashes: &[[u8; 32]]) -> Vec<u8> {
    let mut writer = Writer {
        cursor,
        accounts,
        hashes,
        calls: 0,
        out: Vec::new(),
    };
    writer.value(TYPES.call);
    writer.out
}

struct Writer<'a, 'b> {
    cursor: &'b mut Cursor<'a>,
    accounts: &'b [[u8; 32]],
    hashes: &'b [[u8; 32]],
    calls: u32,
    out: Vec<u8>,
}

impl Writer<'_, '_> {
    fn value(&mut self, id: u32) {
        let ty = resolve(id);
        if id == TYPES.call {
            self.calls += 1;
            // Deep enough, or long enough: an empty remark.
            if self.calls > DEPTH * u32::from(LIST) {
                self.out.extend([0, 0, 0]);
                return;
            }
        }
        if ty
            .path
            .segments
            .last()
            .is_some_and(|name| name == "AccountId32")
        {
            let index = self.cursor.index(self.accounts.len());
            self.out
                .extend(self.accounts.get(index).unwrap_or(&[0; 32]));
            return;
        }
        match &ty.type_def {
            TypeDef::Composite(composite) => self.fields(&composite.fields),
            TypeDef::Variant(_) => {
                let variants = variants(id);
                let Some(variant) = variants.get(self.cursor.index(variants.len())) else {
                    return;
                };
                self.out.push(variant.index);
                self.fields(&variant.fields);
            }
            TypeDef::Sequence(sequence) => {
                let of_bytes = matches!(
                    resolve(sequence.type_param.id).type_def,
                    TypeDef::Primitive(TypeDefPrimitive::U8)
                );
                let longest = if of_bytes { BYTES } else { LIST };
                let length = self.cursor.byte() % longest;
                Compact(u32::from(length)).encode_to(&mut self.out);
                for _ in 0..length {
                    self.value(sequence.type_param.id);
                }
            }
            TypeDef::Array(array) if array.len == 32 && self.cursor.byte() & 3 != 0 => {
                let index = self.cursor.index(self.hashes.len());
                self.out.extend(self.hashes.get(index).unwrap_or(&[0; 32]));
            }
            TypeDef::Array(array) => {
                for _ in 0..array.len {
                    self.value(array.type_param.id);
                }
            }
            TypeDef::Tuple(tuple) => {
                for field in &tuple.fields {
                    self.value(field.id);
                }
            }
            TypeDef::Primitive(primitive) => self.primitive(primitive),
            TypeDef::Compact(compact) => {
                let width = self.width(compact.type_param.id);
                let number = self.number() & mask(width);
                Compact(number).encode_to(&mut self.out);
            }
            TypeDef::BitSequence(_) => self.out.push(0),
        }
    }

    fn fields(&mut self, fields: &'static [Field<PortableForm>]) {
        for field in fields {
            self.value(field.ty.id);
        }
    }

    fn primitive(&mut self, primitive: &TypeDefPrimitive) {
        match primitive {
            TypeDefPrimitive::Bool => self.out.push(self.cursor.byte() & 1),
            TypeDefPrimitive::Str => self.out.push(0),
            TypeDefPrimitive::U8 | TypeDefPrimitive::I8 => self.out.push(self.cursor.byte()),
            other => {
                let width = bytes(other);
                let number = self.number().to_le_bytes();
                self.out.extend(number.iter().cycle().take(width));
            }
        }
    }

    /// Bytes of the number that a compact one is of.
    fn width(&self, id: u32) -> usize {
        match &resolve(id).type_def {
            TypeDef::Primitive(primitive) => bytes(primitive),
            TypeDef::Composite(composite) => composite
                .fields
                .first()
                .map_or(0, |field| self.width(field.ty.id)),
            _ => 0,
        }
    }

    /// A number: small ones, amounts of NI, the greatest, and any.
    fn number(&mut self) -> u128 {
        let choice = self.cursor.byte();
        let byte = u128::from(self.cursor.byte());
        match choice % 8 {
            0 | 1 => byte % 8,
            2 => byte,
            3 => byte * ni_runtime::NI,
            4 => byte * 1_000 * ni_runtime::NI,
            5 => 1 << (byte % 128),
            6 => u128::MAX - byte % 4,
            _ => u128::from_le_bytes(self.cursor.bytes()),
        }
    }
}

fn bytes(primitive: &TypeDefPrimitive) -> usize {
    match primitive {
        TypeDefPrimitive::U16 | TypeDefPrimitive::I16 => 2,
        TypeDefPrimitive::U32 | TypeDefPrimitive::I32 | TypeDefPrimitive::Char => 4,
        TypeDefPrimitive::U64 | TypeDefPrimitive::I64 => 8,
        TypeDefPrimitive::U128 | TypeDefPrimitive::I128 => 16,
        TypeDefPrimitive::U256 | TypeDefPrimitive::I256 => 32,
        TypeDefPrimitive::Bool
        | TypeDefPrimitive::Str
        | TypeDefPrimitive::U8
        | TypeDefPrimitive::I8 => 1,
    }
}

const fn mask(width: usize) -> u128 {
    match width {
        0 => 0,
        16.. => u128::MAX,
        _ => (1 << (8 * width)) - 1,
    }
}
