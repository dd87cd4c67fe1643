// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The shaders' text: a line `#import name` stands for `wgsl/shared/name.wgsl`.

/// The shaders, before their imports are resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shader {
    Generate,
    Multiply,
    MultiplyDirect,
    Leaves,
    Tree,
    Advance,
}

impl Shader {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Generate => "generate",
            Self::Multiply => "multiply",
            Self::MultiplyDirect => "multiply_direct",
            Self::Leaves => "leaves",
            Self::Tree => "tree",
            Self::Advance => "advance",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Generate => include_str!("../wgsl/generate.wgsl"),
            Self::Multiply => include_str!("../wgsl/multiply.wgsl"),
            Self::MultiplyDirect => include_str!("../wgsl/multiply_direct.wgsl"),
            Self::Leaves => include_str!("../wgsl/leaves.wgsl"),
            Self::Tree => include_str!("../wgsl/tree.wgsl"),
            Self::Advance => include_str!("../wgsl/advance.wgsl"),
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
    use super::*;

    const ALL: [Shader; 6] = [
        Shader::Generate,
        Shader::Multiply,
        Shader::MultiplyDirect,
        Shader::Leaves,
        Shader::Tree,
        Shader::Advance,
    ];

    #[test]
    fn every_import_is_resolved() {
        for shader in ALL {
            assert!(
                !shader.wgsl().contains("#import"),
                "{} imports an unknown file",
                shader.name()
            );
        }
        assert_eq!(shared("sha512"), None);
    }

    #[test]
    fn every_shader_opens_with_what_it_does() {
        for shader in ALL {
            assert!(
                shader.text().starts_with("// "),
                "{} has no opening line",
                shader.name()
            );
        }
    }
}
