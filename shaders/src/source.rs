// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The shaders' text: a line `#import name` stands for `wgsl/shared/name.wgsl`.

use crate::kernel::Kernel;

/// The shaders, before their imports are resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shader {
    Generate,
    Multiply(Kernel),
    Leaves,
    Tree,
    Advance,
}

impl Shader {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Generate => "generate",
            Self::Multiply(_) => "multiply",
            Self::Leaves => "leaves",
            Self::Tree => "tree",
            Self::Advance => "advance",
        }
    }

    fn text(self) -> String {
        match self {
            Self::Generate => include_str!("../wgsl/generate.wgsl").into(),
            Self::Multiply(kernel) => kernel.text(),
            Self::Leaves => include_str!("../wgsl/leaves.wgsl").into(),
            Self::Tree => include_str!("../wgsl/tree.wgsl").into(),
            Self::Advance => include_str!("../wgsl/advance.wgsl").into(),
        }
    }

    /// The complete WGSL.
    pub(crate) fn wgsl(self) -> String {
        let mut wgsl = String::new();
        for line in self.text().lines() {
            match line.strip_prefix("#import ").map(shared) {
                Some(Some(text)) => wgsl.push_str(text),
                // An unknown name stays in the text, where the compiler refuses it.
                _ => wgsl.push_str(line),
            }
            wgsl.push('\n');
        }
        wgsl
    }
}

fn shared(name: &str) -> Option<&'static str> {
    Some(match name {
        "chacha8" => include_str!("../wgsl/shared/chacha8.wgsl"),
        "product" => include_str!("../wgsl/shared/product.wgsl"),
        "sha256" => include_str!("../wgsl/shared/sha256.wgsl"),
        "state" => include_str!("../wgsl/shared/state.wgsl"),
        "xxhash32" => include_str!("../wgsl/shared/xxhash32.wgsl"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use wgpu::naga;

    use super::*;
    use crate::kernel::{Coop, CoopLimits};

    /// Every shader, `multiply` in the variants that any adapter may be given.
    fn all() -> Vec<Shader> {
        let mut shaders = vec![
            Shader::Generate,
            Shader::Leaves,
            Shader::Tree,
            Shader::Advance,
        ];
        shaders.extend(Kernel::PORTABLE.map(Shader::Multiply));
        shaders.extend(coop().into_iter().map(Shader::Multiply));
        shaders
    }

    /// Cooperative kernels for fragments and subgroups of every size there is.
    fn coop() -> Vec<Kernel> {
        let mut kernels = Vec::new();
        for (cpu, size, subgroup) in [
            (true, 8, 8),
            (false, 8, 32),
            (false, 16, 16),
            (false, 16, 32),
            (false, 16, 64),
        ] {
            let limits = CoopLimits {
                cpu,
                workgroup_memory: 48 << 10,
                threads: 1024,
            };
            let variants = Coop::variants(size, subgroup, limits);
            assert!(!variants.is_empty(), "{size} {subgroup} has no variant");
            kernels.extend(variants.into_iter().map(Kernel::Coop));
        }
        kernels
    }

    #[test]
    fn every_import_is_resolved() {
        for shader in all() {
            assert!(
                !shader.wgsl().lines().any(|line| line.starts_with('#')),
                "{shader:?} imports or expands an unknown name"
            );
        }
        assert_eq!(shared("sha512"), None);
    }

    #[test]
    fn every_shader_opens_with_what_it_does() {
        for shader in all() {
            assert!(
                shader.text().starts_with("// "),
                "{shader:?} has no opening line"
            );
        }
    }

    /// Whether a shader is valid, also of kernels that no adapter here can run.
    fn validate(wgsl: &str) -> Result<(), String> {
        let module =
            naga::front::wgsl::parse_str(wgsl).map_err(|error| error.emit_to_string(wgsl))?;
        naga::valid::Validator::new(
            naga::valid::ValidationFlags::all(),
            naga::valid::Capabilities::all(),
        )
        .validate(&module)
        .map(|_| ())
        .map_err(|error| error.emit_to_string(wgsl))
    }

    #[test]
    fn every_shader_is_valid() {
        for shader in all() {
            if let Err(error) = validate(&shader.wgsl()) {
                panic!("{shader:?}: {error}");
            }
        }
        let broken = Shader::Tree.wgsl().replace("WORKGROUP", "WORKSHOP");
        assert!(validate(&broken.replacen("WORKSHOP", "SHOP", 1)).is_err());
    }

    #[test]
    fn cooperative_kernels_stay_within_the_limits_they_are_given() {
        let tight = |threads, workgroup_memory| {
            let limits = CoopLimits {
                cpu: false,
                workgroup_memory,
                threads,
            };
            Coop::variants(16, 32, limits).len()
        };
        assert_eq!(tight(1024, 48 << 10), 3);
        assert_eq!(tight(1024, 32 << 10), 2);
        assert_eq!(tight(128, 32 << 10), 1);
        assert_eq!(tight(64, 32 << 10), 0);
        assert_eq!(tight(1024, 8 << 10), 0);
    }
}
