// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The ports that the node listens on. One that is occupied is an error: a client that
//! was told the port would talk to whatever program has it.

use sc_network::{Multiaddr, multiaddr::Protocol};
use sc_service::{Configuration, Error};
use std::{
    io,
    net::{IpAddr, SocketAddr, TcpListener},
};

/// Checks that all ports are free, and has the RPC take no other than those it was given.
///
/// # Errors
/// Where another program listens on one, with the flag that names another.
pub(crate) fn claim(config: &mut Configuration) -> Result<(), Error> {
    for endpoint in config.rpc.addr.iter_mut().flatten() {
        endpoint.retry_random_port = false;
        free(endpoint.listen_addr, "RPC", "--rpc-port")?;
    }
    for address in &config.network.listen_addresses {
        if let Some(address) = tcp(address) {
            free(address, "the network", "--port")?;
        }
    }
    if let Some(prometheus) = &config.prometheus_config {
        let flags = "--prometheus-port, or `--no-prometheus`";
        free(prometheus.port, "metrics", flags)?;
    }
    Ok(())
}

/// The address of a TCP listener, WebSockets among them.
fn tcp(address: &Multiaddr) -> Option<SocketAddr> {
    let mut parts = address.iter();
    let ip: IpAddr = match parts.next()? {
        Protocol::Ip4(ip) => ip.into(),
        Protocol::Ip6(ip) => ip.into(),
        _ => return None,
    };
    match parts.next()? {
        Protocol::Tcp(port) => Some(SocketAddr::new(ip, port)),
        _ => None,
    }
}

/// Whether the address can be listened on. What the machine does not have, such as IPv6,
/// is left to who listens.
fn free(address: SocketAddr, what: &str, flag: &str) -> Result<(), Error> {
    match TcpListener::bind(address) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(Error::Other(format!(
            "another program listens on {address}, the port of {what}. Perhaps another node \
             runs: stop it, or name a free port with {flag}"
        ))),
        _ => Ok(()),
    }
}
