// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Serves `/metrics` and `/healthz` over HTTP.

use std::{collections::VecDeque, convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use http_body_util::Full;
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{ALLOW, CONTENT_TYPE, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::{net::TcpListener, task::AbortHandle};
use tracing::{debug, info, warn};

use super::{
    health::Health,
    meters::{self, HEALTHY},
};
use crate::{
    exit::{Exit, Failure, OrExit},
    redaction::redacted,
};

/// Connections at once. One more ends the oldest, which a scrape is long done with: who
/// opens connections and asks for nothing holds nobody up.
const CONNECTIONS: usize = 16;

/// Longest that a request, or its answer, may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Time between two rounds of the recorder's housekeeping.
const UPKEEP: Duration = Duration::from_secs(5);

/// Starts recording and serves what is recorded at `--metrics`.
///
/// # Errors
/// [`Exit::File`] where the address cannot be listened at, which it may be later;
/// [`Exit::Internal`] where something records already.
pub async fn install(address: SocketAddr, health: Arc<Health>) -> Result<(), Failure> {
    let recorder = meters::install().or_exit(Exit::Internal, "cannot record metrics")?;
    start(address, recorder, health)
        .await
        .or_exit(Exit::File, format!("cannot serve --metrics at {address}"))?;
    Ok(())
}

/// Listens at `address` and serves in the background until the process ends.
/// Returns the address, whose port is the one found where 0 was asked for.
///
/// # Errors
/// Where the address cannot be listened at.
pub async fn start(
    address: SocketAddr,
    metrics: PrometheusHandle,
    health: Arc<Health>,
) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    info!(%address, "serving /metrics and /healthz");
    if !address.ip().is_loopback() {
        warn!(%address, "anyone who reaches this address can read the metrics");
    }
    tokio::spawn(upkeep(metrics.clone()));
    tokio::spawn(serve(listener, metrics, health));
    Ok(address)
}

/// Without it what was recorded would pile up between scrapes.
async fn upkeep(metrics: PrometheusHandle) {
    let mut ticks = tokio::time::interval(UPKEEP);
    loop {
        ticks.tick().await;
        metrics.run_upkeep();
    }
}

async fn serve(listener: TcpListener, metrics: PrometheusHandle, health: Arc<Health>) {
    let mut open: VecDeque<AbortHandle> = VecDeque::with_capacity(CONNECTIONS);
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(cause) => {
                // Out of file handles, say: they come back.
                warn!(%cause, "cannot take a connection");
                tokio::time::sleep(Duration::from_secs(1)).await;
                continue;
            }
        };
        open.retain(|connection| !connection.is_finished());
        if open.len() >= CONNECTIONS
            && let Some(oldest) = open.pop_front()
        {
            oldest.abort();
        }
        let (metrics, health) = (metrics.clone(), Arc::clone(&health));
        let connection = tokio::spawn(async move {
            let service = service_fn(|request| {
                let answer = answer(&request, &metrics, &health);
                async move { Ok::<_, Infallible>(answer) }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE)
                .keep_alive(false)
                .serve_connection(TokioIo::new(stream), service);
            match tokio::time::timeout(PATIENCE, connection).await {
                Ok(Ok(())) => {}
                Ok(Err(cause)) => debug!(%cause, "a connection failed"),
                Err(_) => debug!("a connection took too long"),
            }
        });
        open.push_back(connection.abort_handle());
    }
}

fn answer(
    request: &Request<Incoming>,
    metrics: &PrometheusHandle,
    health: &Health,
) -> Response<Full<Bytes>> {
    // Of an answer to HEAD the server leaves the body out.
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let only = "only GET and HEAD\n";
        let mut refusal = response(StatusCode::METHOD_NOT_ALLOWED, "text/plain", only);
        let allowed = HeaderValue::from_static("GET, HEAD");
        refusal.headers_mut().insert(ALLOW, allowed);
        return refusal;
    }
    let verdict = health.verdict();
    match request.uri().path() {
        "/metrics" => {
            meters::set(HEALTHY, f64::from(u8::from(verdict.healthy)));
            response(
                StatusCode::OK,
                "text/plain; version=0.0.4; charset=utf-8",
                metrics.render(),
            )
        }
        "/healthz" => {
            let status = if verdict.healthy {
                StatusCode::OK
            } else {
                StatusCode::SERVICE_UNAVAILABLE
            };
            let body = format!("{}\n", verdict.body);
            response(status, "application/json", redacted(&body).into_owned())
        }
        _ => response(
            StatusCode::NOT_FOUND,
            "text/plain",
            "there are /metrics and /healthz\n",
        ),
    }
}

fn response(
    status: StatusCode,
    kind: &'static str,
    body: impl Into<Bytes>,
) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

#[cfg(test)]
mod tests {
    use metrics_exporter_prometheus::PrometheusBuilder;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
    };

    use super::*;

    async fn ask(address: SocketAddr, request: &str) -> String {
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        stream
            .write_all(format!("{request} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes())
            .await
            .expect("it reads");
        let mut answer = String::new();
        tokio::time::timeout(PATIENCE, stream.read_to_string(&mut answer))
            .await
            .expect("in time")
            .expect("text");
        answer
    }

    #[tokio::test]
    async fn connections_that_ask_for_nothing_hold_nobody_up() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        let address = start(loopback, recorder.handle(), Arc::default())
            .await
            .expect("a free port");
        let mut idle = Vec::new();
        for _ in 0..2 * CONNECTIONS {
            idle.push(TcpStream::connect(address).await.expect("it listens"));
        }
        let answer = ask(address, "GET /metrics").await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        // The oldest were ended before their time, the youngest were not.
        let first = idle.first_mut().expect("some");
        assert_eq!(first.read(&mut [0; 1]).await.unwrap_or(0), 0);
        let last = idle.last_mut().expect("some");
        last.write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .expect("it reads");
        assert_ne!(last.read(&mut [0; 1]).await.expect("it answers"), 0);
    }

    #[tokio::test]
    async fn metrics_and_health_are_served_and_nothing_else() {
        let recorder = PrometheusBuilder::new().build_recorder();
        metrics::with_local_recorder(&recorder, || meters::count(meters::RECONNECTS));
        let health = Arc::new(Health::default());
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        let address = start(loopback, recorder.handle(), Arc::clone(&health))
            .await
            .expect("a free port");

        let answer = ask(address, "GET /metrics").await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains("ni_worker_reconnects_total 1"), "{answer}");

        let answer = ask(address, "GET /healthz").await;
        assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
        assert!(answer.contains("no node is connected yet"), "{answer}");
        health.start(["a GPU".to_owned()]);
        health.connected("ws://127.0.0.1:9944");
        health.block(1, None);
        let answer = ask(address, "GET /healthz").await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");

        assert!(ask(address, "GET /").await.starts_with("HTTP/1.1 404"));
        for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
            let answer = ask(address, &format!("{method} /metrics")).await;
            assert!(answer.starts_with("HTTP/1.1 405"), "{answer}");
            let headers = answer.to_lowercase();
            assert!(headers.contains("\r\nallow: get, head\r\n"), "{answer}");
        }
        // As GET, without a body.
        for path in ["/metrics", "/healthz", "/"] {
            let get = ask(address, &format!("GET {path}")).await;
            let head = ask(address, &format!("HEAD {path}")).await;
            let status = |answer: &str| answer.lines().next().map(str::to_owned);
            assert_eq!(status(&head), status(&get), "{head}");
            assert!(head.ends_with("\r\n\r\n"), "{head}");
            assert!(head.to_lowercase().contains("content-length: "), "{head}");
        }
        // Garbage ends its own connection and no other.
        let _ = ask(address, "\u{1}\u{2}garbage").await;
        assert!(
            ask(address, "GET /healthz")
                .await
                .starts_with("HTTP/1.1 200")
        );
    }
}
