// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `ni-worker config`, `completions` and `man`: what is made from the command
//! line's own description.

use std::io;

use clap::CommandFactory;

use crate::{
    cli::{Cli, CompletionsArgs, ConfigCommand, ManArgs},
    config,
    exit::{Exit, Failure, OrExit},
    files::Prepared,
    output,
};

const NAME: &str = "ni-worker";

/// Runs `config`.
///
/// # Errors
/// [`Exit::File`] where the file exists or cannot be written.
pub fn run(command: &ConfigCommand) -> Result<(), Failure> {
    let ConfigCommand::Init(args) = command;
    let example = config::example(&Cli::command());
    let Some(path) = &args.file else {
        output::print(example.as_bytes());
        return Ok(());
    };
    Prepared::write(path, example.as_bytes(), false)
        .and_then(Prepared::name_new)
        .map_err(|error| {
            let message = match error.kind() {
                io::ErrorKind::AlreadyExists => format!(
                    "{} exists and is not replaced: name a new file, or none to print the example",
                    path.display()
                ),
                _ => format!("cannot write {}: {error}", path.display()),
            };
            Failure::new(Exit::File, message)
        })?;
    output::line(format_args!(
        "{0}: run with `ni-worker --config {0} mine`",
        path.display()
    ));
    Ok(())
}

/// Runs `completions`.
pub fn completions(args: &CompletionsArgs) {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), NAME, &mut text);
    output::print(&text);
}

/// Runs `man`.
///
/// # Errors
/// [`Exit::File`] where a page cannot be written.
pub fn man(args: &ManArgs) -> Result<(), Failure> {
    let command = Cli::command().name(NAME);
    match &args.out {
        Some(folder) => {
            let doing = format!("cannot write the pages into {}", folder.display());
            clap_mangen::generate_to(command, folder).or_exit(Exit::File, doing)
        }
        None => {
            let mut text = Vec::new();
            clap_mangen::Man::new(command)
                .render(&mut text)
                .or_exit(Exit::Internal, "cannot write the page")?;
            output::print(&text);
            Ok(())
        }
    }
}
